using System.Security.Claims;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Finds the keys that a request acts with.</summary>
internal static class AuthenticatedKeys
{
    /// <summary>Gives the keys to charge: those of the request's principal; where an app put an identity of its own in their place, every key that authenticated.</summary>
    public static IReadOnlyList<VerifiedApiKey> Of(HttpContext context)
    {
        var keys = OfPrincipal(context.User);
        return keys.Count == 0 && context.Features.Get<AuthenticatedKeysFeature>() is { } feature ? feature.Keys : keys;
    }

    /// <summary>Gives the key that the principal stands for: its identity's, or the one that an identity made from it still names.</summary>
    public static VerifiedApiKey? Named(HttpContext context) =>
        OfPrincipal(context.User) is [var verified, ..]
            ? verified
            : context.Features.Get<AuthenticatedKeysFeature>()?.Keys.Find(key => context.User.HasClaim(ApiKeyClaimTypes.KeyId, key.Key.Id));

    private static IReadOnlyList<VerifiedApiKey> OfPrincipal(ClaimsPrincipal user)
    {
        // A principal keeps its identities in a list; walked by index it costs nothing.
        IReadOnlyList<VerifiedApiKey> keys = [];
        var identities = user.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. user.Identities];
        for (var i = 0; i < identities.Count; i++)
        {
            if (identities[i] is ApiKeyIdentity identity && !Hold(keys, identity.Verified))
            {
                keys = keys.Count == 0 ? identity.Verified.Alone : [.. keys, identity.Verified];
            }
        }

        return keys;
    }

    /// <summary>Tells whether a key is among others, by whichever of its secrets.</summary>
    public static bool Hold(IReadOnlyList<VerifiedApiKey> keys, VerifiedApiKey verified)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (string.Equals(keys[i].Key.Id, verified.Key.Id, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
