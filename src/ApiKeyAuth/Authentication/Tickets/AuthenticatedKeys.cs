using System.Security.Claims;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>Provides the keys that a request acts with.</summary>
internal static class AuthenticatedKeys
{
    /// <summary>
    /// Returns the keys to charge and to count. If the app replaced their identities, these are all keys that authenticated the request.
    /// </summary>
    /// <remarks>If one of several identities met the scope requirements, the keys of the other identities are not included.</remarks>
    public static RequestKeys GetAll(HttpContext context)
    {
        // Most requests have one identity, so there is none to select.
        if (context.User.Identities is IReadOnlyList<ClaimsIdentity> and [ApiKeyIdentity single])
        {
            return default(RequestKeys).With(single.Verified, single.VerifiedAt);
        }

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

    /// <summary>
    /// Returns the key that the request acts with. If the app replaced its identity, the claim with the key ID identifies the key.
    /// </summary>
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

    /// <summary>Records that the request is authorized, so that the scopes with which its key met the requirements count as used.</summary>
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
        // A principal stores its identities in a list. Reading it by index does not allocate.
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
