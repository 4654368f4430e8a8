using System.Security.Claims;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>Finds the keys that a request acts with.</summary>
internal static class AuthenticatedKeys
{
    /// <summary>
    /// Gets the keys to charge and to count. If an app put an identity of its own in their place, these are all keys that authenticated.
    /// </summary>
    /// <remarks>If another identity of several met the scope requirements, a key that was sent along is not among them.</remarks>
    public static RequestKeys GetAll(HttpContext context)
    {
        var keys = GetFromPrincipal(context.User);
        if (keys.Count == 0)
        {
            return context.Features.Get<AuthenticatedKeysFeature>() is { } feature ? RequestKeys.Create(feature.Keys) : keys;
        }

        return ActingPrincipal.FindIdentity(context) switch
        {
            null => keys,
            ApiKeyIdentity key => default(RequestKeys).With(key.Verified, key.VerifiedAt),
            var other => default(RequestKeys) is var none
                && FindReplacedKey(context, other) is { } verified ? none.With(verified, 0) : none,
        };
    }

    /// <summary>Gets the key that the request acts with: its identity's, or the one that an identity made from it still names.</summary>
    public static VerifiedApiKey? FindActingKey(HttpContext context)
    {
        if (ActingPrincipal.Find(context) is not { } acting)
        {
            return null;
        }

        var keys = GetFromPrincipal(acting);
        return keys.Count > 0
            ? keys[0]
            : acting.Identities.Select(identity => FindReplacedKey(context, identity)).FirstOrDefault(key => key is not null);
    }

    /// <summary>Records that authorization let the request through, and by which scopes of its key.</summary>
    public static void MarkAuthorized(ApiKeyRequestFeature feature)
    {
        feature.IsAuthorized = true;
        if (feature.ActingIdentity is ApiKeyIdentity key)
        {
            key.IsAdmitted = true;
        }
    }

    private static VerifiedApiKey? FindReplacedKey(HttpContext context, ClaimsIdentity identity) =>
        context.Features.Get<AuthenticatedKeysFeature>()?.Keys.Find(key => identity.HasClaim(ApiKeyClaimTypes.KeyId, key.Key.Id));

    private static RequestKeys GetFromPrincipal(ClaimsPrincipal user)
    {
        // A principal keeps its identities in a list; walked by index it costs nothing.
        RequestKeys keys = default;
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
