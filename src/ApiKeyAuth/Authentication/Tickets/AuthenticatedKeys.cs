using System.Security.Claims;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Finds the keys that a request acts with.</summary>
internal static class AuthenticatedKeys
{
    /// <summary>
    /// Gets the keys to charge and to count. If an app put an identity of its own in their place, these are all keys that authenticated.
    /// </summary>
    /// <remarks>If another identity of several met the scope requirements, a key that was sent along is not among them.</remarks>
    public static KeysOfRequest Of(HttpContext context)
    {
        var keys = OfPrincipal(context.User);
        if (keys.Count == 0)
        {
            return context.Features.Get<AuthenticatedKeysFeature>() is { } feature ? KeysOfRequest.Of(feature.Keys) : keys;
        }

        return ActingPrincipal.FindIdentity(context) switch
        {
            null => keys,
            ApiKeyIdentity key => default(KeysOfRequest).With(key.Verified, key.VerifiedAt),
            var other => default(KeysOfRequest) is var none && Replaced(context, other) is { } verified ? none.With(verified, 0) : none,
        };
    }

    /// <summary>Gets the key that the request acts with: its identity's, or the one that an identity made from it still names.</summary>
    public static VerifiedApiKey? Named(HttpContext context)
    {
        if (ActingPrincipal.Find(context) is not { } acting)
        {
            return null;
        }

        var keys = OfPrincipal(acting);
        return keys.Count > 0 ? keys[0] : acting.Identities.Select(identity => Replaced(context, identity)).FirstOrDefault(key => key is not null);
    }

    /// <summary>Records that authorization let the request through, and by which scopes of its key.</summary>
    public static void Admit(RequestNotes notes)
    {
        notes.IsAuthorized = true;
        if (notes.ActingIdentity is ApiKeyIdentity key)
        {
            key.IsAdmitted = true;
        }
    }

    private static VerifiedApiKey? Replaced(HttpContext context, ClaimsIdentity identity) =>
        context.Features.Get<AuthenticatedKeysFeature>()?.Keys.Find(key => identity.HasClaim(ApiKeyClaimTypes.KeyId, key.Key.Id));

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
