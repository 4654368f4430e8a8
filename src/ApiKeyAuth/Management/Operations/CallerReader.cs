using System.Net;
using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Tells who calls, and what he may pass on: a key what it holds, a user what his token's scopes say, or else the app.</summary>
internal sealed class CallerReader(ScopeCatalog catalogue, RateLimitResolver limits, ApiKeyManagementOptions options)
{
    private const string SubjectClaim = "sub";

    /// <summary>
    /// Reads the caller, or null if the request has none, has one without a name, or does not tell which of several it acts for.
    /// </summary>
    public ApiKeyCaller? Read(HttpContext context) => ReadOrGetFault(context, out var caller) is null ? caller : null;

    /// <summary>Reads the caller.</summary>
    /// <returns>Null, or why there is none: a sentence for the response.</returns>
    public string? ReadOrGetFault(HttpContext context, out ApiKeyCaller? caller)
    {
        caller = null;
        if (ActingPrincipal.Find(context) is not { } user)
        {
            return "The request carries several credentials, and no scope requirement decides which of them acts; send one";
        }

        if (HasSeveralTenants(user))
        {
            return "The caller's credentials name more than one tenant";
        }

        var address = FormatAddress(context.Connection.RemoteIpAddress);
        caller = AuthenticatedKeys.FindActingKey(context) is { } verified ? CreateKeyCaller(user, verified, address)
            : user.Identities.FirstOrDefault(identity => identity.IsAuthenticated && GetUserId(identity) is not null) is { } identity ? CreateUserCaller(user, identity, address)
            : null;
        return caller is null ? "The caller's credentials name no user" : null;
    }

    /// <summary>
    /// Tells whether the tenant is ambiguous. An app with a rule of its own for the tenant decides by itself, but a key has one tenant
    /// always.
    /// </summary>
    private bool HasSeveralTenants(ClaimsPrincipal user) =>
        (ReferenceEquals(options.TenantIdSelector, ApiKeyManagementOptions.TenantIdFromClaim) || user.Identities.Any(identity => identity is ApiKeyIdentity))
        && user.FindAll(ApiKeyClaimTypes.TenantId).Select(claim => claim.Value).Distinct(StringComparer.Ordinal).Skip(1).Any();

    private ApiKeyCaller CreateKeyCaller(ClaimsPrincipal user, VerifiedApiKey verified, string? address)
    {
        // An app may have changed the claims: what it took away is gone, and what it added was not granted.
        var changed = user.Identities.FirstOrDefault(identity => identity is not ApiKeyIdentity { HasChangedClaims: false } && identity.HasClaim(ApiKeyClaimTypes.KeyId, verified.Key.Id));
        var scopes = changed is null ? verified.Scopes : verified.Scopes.Intersect(catalogue.Expand(ScopeClaims.GetScopes(changed) ?? ScopeSet.Empty));
        return ApiKeyCaller.ForKey(
            verified, scopes, limits.GetKeyLimits(verified.Key), options.ManagesOthers(user), options.MayCrossTenants(user), address);
    }

    private ApiKeyCaller CreateUserCaller(ClaimsPrincipal user, ClaimsIdentity identity, string? address)
    {
        // A wildcard counts in a key's grant only; in a token it is a word.
        var scopes = ScopeClaims.GetScopes(identity);
        var grantable = catalogue.Expand(ScopeSet.Create((scopes ?? ScopeSet.Empty).Where(scope => !scope.Contains('*', StringComparison.Ordinal))));
        return ApiKeyCaller.User(
            GetUserId(identity)!, options.TenantIdSelector(user), grantable, scopes is null ? scope => options.MayGrant(user, scope) : null,
            !options.ManagesOthers(user), options.MayCrossTenants(user), address);
    }

    private static string? GetUserId(ClaimsIdentity identity) =>
        (identity.FindFirst(ClaimTypes.NameIdentifier) ?? identity.FindFirst(SubjectClaim))?.Value
            is { Length: > 0 and <= ApiKeyCaller.MaxUserIdLength } id ? id : null;

    public static string? FormatAddress(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
}
