using System.Security.Claims;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>Provides the types of claims that contain scopes, in identities of all schemes.</summary>
internal static class ScopeClaims
{
    // By default, JwtBearer maps scp to the last of these types.
    public static readonly string[] Types = [ApiKeyClaimTypes.Scope, "scp", "http://schemas.microsoft.com/identity/claims/scope"];

    /// <summary>Returns the scopes in the claims of an identity, or null if it has no such claim.</summary>
    public static ScopeSet? GetScopes(ClaimsIdentity identity)
    {
        var claims = identity.Claims.Where(claim => Types.Contains(claim.Type, StringComparer.Ordinal)).ToList();
        return claims.Count == 0
            ? null
            : ScopeSet.Create(
                claims.SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(ScopeSet.IsScope));
    }
}
