using System.Security.Claims;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>The claims in which identities of any scheme carry scopes.</summary>
internal static class ScopeClaims
{
    // JwtBearer renames scp to the last of these unless it is configured not to.
    public static readonly string[] Types = [ApiKeyClaimTypes.Scope, "scp", "http://schemas.microsoft.com/identity/claims/scope"];

    /// <summary>The scopes that an identity's claims name, or null where it has no such claim.</summary>
    public static ScopeSet? GetScopes(ClaimsIdentity identity)
    {
        var claims = identity.Claims.Where(claim => Types.Contains(claim.Type, StringComparer.Ordinal)).ToList();
        return claims.Count == 0
            ? null
            : ScopeSet.Create(
                claims.SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(ScopeSet.IsScope));
    }
}
