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

    /// <summary>Reads the caller, or null where the request has none or one without a name.</summary>
    public ApiKeyCaller? Read(HttpContext context)
    {
        var address = Address(context.Connection.RemoteIpAddress);
        return AuthenticatedKeys.Named(context) is { } verified
            ? OfKey(context.User, verified, address)
            : context.User.Identities.FirstOrDefault(identity => identity.IsAuthenticated && IdOf(identity) is not null) is { } identity
                ? OfUser(context.User, identity, address)
            : null;
    }

    private ApiKeyCaller OfKey(ClaimsPrincipal user, VerifiedApiKey verified, string? address)
    {
        // An app may have changed the claims: what it took away is gone, and what it added was not granted.
        var changed = user.Identities.FirstOrDefault(identity => identity is not ApiKeyIdentity { IsChanged: false } && identity.HasClaim(ApiKeyClaimTypes.KeyId, verified.Key.Id));
        var scopes = changed is null ? verified.Scopes : verified.Scopes.Intersect(catalogue.Expand(ScopeClaims.Of(changed) ?? ScopeSet.Empty));
        return ApiKeyCaller.OfKey(
            verified.Key, scopes, limits.OfKey(verified.Key), verified.Key.Kind == ApiKeyKinds.Personal && !options.ManagesOthers(user),
            options.MayCrossTenants(user), address);
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
        (identity.FindFirst(ClaimTypes.NameIdentifier) ?? identity.FindFirst(Subject))?.Value is { Length: > 0 } id ? id : null;

    public static string? Address(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
}
