using System.Net;
using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management;

/// <summary>Tells who calls, and what he may pass on: a key what it holds, a user what his token's scopes say, or else the app.</summary>
internal sealed class CallerReader(ScopeCatalogue catalogue, EffectiveLimits limits, ApiKeyManagementOptions options)
{
    private const string Subject = "sub";

    /// <summary>
    /// Reads the caller, or null if the request has none, has one without a name, or does not tell which of several it acts for.
    /// </summary>
    public ApiKeyCaller? Read(HttpContext context) => TryRead(context, out var caller) is null ? caller : null;

    /// <summary>Reads the caller.</summary>
    /// <returns>Null, or why there is none: a sentence for the response.</returns>
    public string? TryRead(HttpContext context, out ApiKeyCaller? caller)
    {
        caller = null;
        if (ActingPrincipal.Find(context) is not { } user)
        {
            return "The request carries several credentials, and no scope requirement decides which of them acts; send one";
        }

        if (NamesTwoTenants(user))
        {
            return "The caller's credentials name more than one tenant";
        }

        var address = Address(context.Connection.RemoteIpAddress);
        caller = AuthenticatedKeys.Named(context) is { } verified ? OfKey(user, verified, address)
            : user.Identities.FirstOrDefault(identity => identity.IsAuthenticated && IdOf(identity) is not null) is { } identity ? OfUser(user, identity, address)
            : null;
        return caller is null ? "The caller's credentials name no user" : null;
    }

    /// <summary>
    /// Determines whether the tenant is ambiguous. An app with a rule of its own for the tenant decides by itself, but a key has one tenant
    /// always.
    /// </summary>
    private bool NamesTwoTenants(ClaimsPrincipal user) =>
        (ReferenceEquals(options.TenantOf, ApiKeyManagementOptions.TenantOfClaim) || user.Identities.Any(identity => identity is ApiKeyIdentity))
        && user.FindAll(ApiKeyClaimTypes.TenantId).Select(claim => claim.Value).Distinct(StringComparer.Ordinal).Skip(1).Any();

    private ApiKeyCaller OfKey(ClaimsPrincipal user, VerifiedApiKey verified, string? address)
    {
        // An app may have changed the claims: what it took away is gone, and what it added was not granted.
        var changed = user.Identities.FirstOrDefault(identity => identity is not ApiKeyIdentity { IsChanged: false } && identity.HasClaim(ApiKeyClaimTypes.KeyId, verified.Key.Id));
        var scopes = changed is null ? verified.Scopes : verified.Scopes.Intersect(catalogue.Expand(ScopeClaims.Of(changed) ?? ScopeSet.Empty));
        return ApiKeyCaller.OfKey(
            verified, scopes, limits.OfKey(verified.Key), options.ManagesOthers(user), options.MayCrossTenants(user), address);
    }

    private ApiKeyCaller OfUser(ClaimsPrincipal user, ClaimsIdentity identity, string? address)
    {
        // A wildcard counts in a key's grant only; in a token it is a word.
        var scopes = ScopeClaims.Of(identity);
        var grantable = catalogue.Expand(ScopeSet.Create((scopes ?? ScopeSet.Empty).Where(scope => !scope.Contains('*', StringComparison.Ordinal))));
        return ApiKeyCaller.User(
            IdOf(identity)!, options.TenantOf(user), grantable, scopes is null ? scope => options.MayGrant(user, scope) : null,
            !options.ManagesOthers(user), options.MayCrossTenants(user), address);
    }

    private static string? IdOf(ClaimsIdentity identity) =>
        (identity.FindFirst(ClaimTypes.NameIdentifier) ?? identity.FindFirst(Subject))?.Value
            is { Length: > 0 and <= ApiKeyCaller.MaxUserIdLength } id ? id : null;

    public static string? Address(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
}
