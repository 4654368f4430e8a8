using System.Globalization;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Formats the strong entity tags of keys and reads <c>If-Match</c> (RFC 9110 §8.8, §13.1.1).</summary>
internal static class IfMatchHeader
{
    // Versions start at 1.
    private const long NoVersion = -1;

    public static string FormatTag(ApiKey key) => FormatTag(key.Version);

    private static string FormatTag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");

    /// <summary>Reads the version that the key must have, or null for any version. Weak and unknown tags match no version.</summary>
    public static async Task<long?> ReadAsync(HttpContext context, ApiKeyManager manager, ApiKeyCaller caller, string id)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags))
        {
            return NoVersion;
        }

        if (tags is [var any] && any.Equals(EntityTagHeaderValue.Any))
        {
            return null;
        }

        long[] versions = [.. tags.Select(ParseVersion)];
        if (versions is [var only])
        {
            return only;
        }

        var read = await manager.GetAsync(caller, id, context.RequestAborted);
        return read.Succeeded && versions.Contains(read.Value.Version) ? read.Value.Version : NoVersion;
    }

    // Tags are compared character by character (RFC 9110 §8.8.3.2): "v01" does not match version 1.
    private static long ParseVersion(EntityTagHeaderValue tag) =>
        !tag.IsWeak && tag.Tag.Value is ['"', 'v', .. var number, '"']
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && tag.Tag == FormatTag(version)
            ? version
            : NoVersion;
}
