using System.Globalization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// Writes the headers for callers that use a retiring secret: its deprecation date (RFC 9745) and its expiration (RFC 8594).
/// </summary>
internal static class DeprecationHeaders
{
    public static void Apply(HttpContext context, VerifiedApiKey verified)
    {
        if (verified.Secret.ExpiresAt is not { } end)
        {
            return;
        }

        // The rotation that deprecated this secret created the current one, which is the first in the list.
        var since = verified.Key.Secrets[0].CreatedAt.ToUnixTimeSeconds();
        var feature = ApiKeyRequestFeature.GetOrCreate(context);
        feature.AssignHeader("Deprecation", string.Create(CultureInfo.InvariantCulture, $"@{since}"));
        feature.AssignHeader("Sunset", end.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture));
    }
}
