using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>
/// Represents the keys that authenticated a request. They are stored separately from the principal, because an app may replace it and
/// limits must still apply.
/// </summary>
internal sealed class AuthenticatedKeysFeature
{
    public List<VerifiedApiKey> Keys { get; } = [];

    public static void Add(HttpContext context, VerifiedApiKey verified)
    {
        var feature = context.Features.Get<AuthenticatedKeysFeature>();
        if (feature is null)
        {
            feature = new AuthenticatedKeysFeature();
            context.Features.Set(feature);
        }

        if (!RequestKeys.Create(feature.Keys).Contains(verified))
        {
            feature.Keys.Add(verified);
        }
    }
}
