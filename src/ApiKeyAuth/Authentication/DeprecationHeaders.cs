using System.Globalization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// Writes the headers for callers that use a retiring secret: since when it is deprecated (RFC 9745) and when it expires (RFC 8594).
/// </summary>
internal static class DeprecationHeaders
{
    public static void Apply(HttpContext context, VerifiedApiKey verified)
    {
        if (verified.Secret.ExpiresAt is not { } end)
        {
            return;
        }

        // The rotation made the secret that is now the current one.
        var since = verified.Key.Secrets[0].CreatedAt.ToUnixTimeSeconds();
        var notes = ApiKeyRequestFeature.GetOrCreate(context);
        notes.AssignHeader("Deprecation", string.Create(CultureInfo.InvariantCulture, $"@{since}"));
        notes.AssignHeader("Sunset", end.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture));
    }
}
