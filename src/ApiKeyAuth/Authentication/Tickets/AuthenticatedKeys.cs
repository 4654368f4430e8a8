using System.Security.Claims;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Finds the keys that a request acts with.</summary>
internal static class AuthenticatedKeys
{
    /// <summary>Gives the keys to charge: those of the request's principal; where an app put an identity of its own in their place, every key that authenticated.</summary>
    public static KeysOfRequest Of(HttpContext context)
    {
        var keys = OfPrincipal(context.User);
        return keys.Count == 0 && context.Features.Get<AuthenticatedKeysFeature>() is { } feature ? KeysOfRequest.Of(feature.Keys) : keys;
    }

    /// <summary>Gives the key that the principal stands for: its identity's, or the one that an identity made from it still names.</summary>
    public static VerifiedApiKey? Named(HttpContext context) =>
        OfPrincipal(context.User) is { Count: > 0 } keys
            ? keys[0]
            : context.Features.Get<AuthenticatedKeysFeature>()?.Keys.Find(key => context.User.HasClaim(ApiKeyClaimTypes.KeyId, key.Key.Id));

    private static KeysOfRequest OfPrincipal(ClaimsPrincipal user)
    {
        // A principal keeps its identities in a list; walked by index it costs nothing.
        KeysOfRequest keys = default;
        var identities = user.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. user.Identities];
        for (var i = 0; i < identities.Count; i++)
        {
            if (identities[i] is ApiKeyIdentity identity)
            {
                keys = keys.With(identity.Verified, identity.VerifiedAt);
            }
        }

        return keys;
    }
}
