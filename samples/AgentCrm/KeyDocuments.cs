using System.Globalization;
using ApiKeyAuth;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.Extensions.Options;

namespace AgentCrm;

/// <summary>Keys as the settings show them; the names become <c>snake_case</c> on the way out.</summary>
internal sealed class KeyDocuments(IOptions<ApiKeyAuthOptions> options)
{
    /// <summary>A new key, with its secret this once.</summary>
    public object Of(IssuedApiKey issued) => new
    {
        issued.Key.Id,
        Key = issued.Secret,
        issued.Key.Name,
        Scopes = issued.Key.Scopes.ToArray(),
        RateLimit = PerMinute(issued.Key),
    };

    public object Of(ApiKey key) => new
    {
        key.Id,
        key.Name,
        Scopes = key.Scopes.ToArray(),
        RateLimit = PerMinute(key),
        CreatedAt = Time(key.CreatedAt),
        LastUsedAt = key.LastUsedAt is { } last ? Time(last) : null,
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private long PerMinute(ApiKey key) => (key.RateLimits is [var own, ..] ? own : options.Value.RateLimiting.Default[0]).Permits;
}
