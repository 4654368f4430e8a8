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

/// <summary>
/// Reads the caller of a request and the rights it may grant: those of its key, the scopes of its token, or what the app allows.
/// </summary>
internal sealed class CallerReader(ScopeCatalog catalog, RateLimitResolver limits, ApiKeyManagementOptions options)
{
    private const string SubjectClaim = "sub";

    /// <summary>
    /// Reads the caller, or null if the request has no caller, has one without a name, or does not identify which of several callers acts.
    /// </summary>
    public ApiKeyCaller? Read(HttpContext context) => ReadOrGetFault(context, out var caller) is null ? caller : null;

    /// <summary>Reads the caller.</summary>
    /// <returns>Null if the caller was read; otherwise, the reason for the response.</returns>
    public string? ReadOrGetFault(HttpContext context, out ApiKeyCaller? caller)
    {
        caller = null;
        if (ActingPrincipal.Find(context) is not { } user)
        {
            return "The request carries several credentials, and no scope requirement determines which of them acts; send one";
        }

        if (HasSeveralTenants(user))
        {
            return "The credentials of the caller name more than one tenant";
        }

        var address = FormatAddress(context.Connection.RemoteIpAddress);
        caller = AuthenticatedKeys.FindActingKey(context) is { } verified ? CreateKeyCaller(user, verified, address)
            : FindUserIdentity(user) is { } identity ? CreateUserCaller(user, identity, address)
            : null;
        return caller is null ? "The credentials of the caller do not name a user" : null;
    }

    /// <summary>
    /// Determines whether the tenant is ambiguous. An app with its own <see cref="ApiKeyManagementOptions.TenantIdSelector"/> decides that
    /// itself, but a key always has one tenant.
    /// </summary>
    private bool HasSeveralTenants(ClaimsPrincipal user) =>
        (ReferenceEquals(options.TenantIdSelector, ApiKeyManagementOptions.TenantIdFromClaim)
            || user.Identities.Any(identity => identity is ApiKeyIdentity))
        && user.FindAll(ApiKeyClaimTypes.TenantId).Select(claim => claim.Value).Distinct(StringComparer.Ordinal).Skip(1).Any();

    private ApiKeyCaller CreateKeyCaller(ClaimsPrincipal user, VerifiedApiKey verified, string? address)
    {
        // If the app changed the claims, removed scopes are gone, and added scopes were not granted.
        var changed = user.Identities.FirstOrDefault(identity => identity is not ApiKeyIdentity { HasChangedClaims: false }
            && identity.HasClaim(ApiKeyClaimTypes.KeyId, verified.Key.Id));
        var scopes = changed is null
            ? verified.Scopes
            : verified.Scopes.Intersect(catalog.Expand(ScopeClaims.GetScopes(changed) ?? ScopeSet.Empty));
        return ApiKeyCaller.ForKey(
            verified, scopes, limits.GetKeyLimits(verified.Key), options.ManagesOthers(user), options.MayCrossTenants(user), address);
    }

    private ApiKeyCaller CreateUserCaller(ClaimsPrincipal user, ClaimsIdentity identity, string? address)
    {
        // Wildcards have a meaning in the scopes of keys only, not in those of tokens.
        var scopes = ScopeClaims.GetScopes(identity);
        var literal = (scopes ?? ScopeSet.Empty).Where(scope => !scope.Contains('*', StringComparison.Ordinal));
        var grantable = catalog.Expand(ScopeSet.Create(literal));
        return ApiKeyCaller.User(
            GetUserId(identity)!,
            options.TenantIdSelector(user),
            grantable,
            scopes is null ? scope => options.MayGrant(user, scope) : null,
            !options.ManagesOthers(user),
            options.MayCrossTenants(user),
            address);
    }

    private static ClaimsIdentity? FindUserIdentity(ClaimsPrincipal user) =>
        user.Identities.FirstOrDefault(identity => identity.IsAuthenticated && GetUserId(identity) is not null);

    private static string? GetUserId(ClaimsIdentity identity) =>
        (identity.FindFirst(ClaimTypes.NameIdentifier) ?? identity.FindFirst(SubjectClaim))?.Value
            is { Length: > 0 and <= ApiKeyCaller.MaxUserIdLength } id ? id : null;

    public static string? FormatAddress(IPAddress? address) =>
        (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
}
