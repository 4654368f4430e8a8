using ApiKeyAuth;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.Extensions.Options;
using Samples;

namespace Twyn;

/// <summary>Creates the JSON documents of keys. The serializer changes the names to <c>snake_case</c>.</summary>
internal sealed class KeyDocuments(IOptions<ApiKeyAuthOptions> options)
{
    /// <summary>Creates the document of a new key, with its secret.</summary>
    public object Of(IssuedApiKey issued) => new
    {
        KeyId = issued.Key.Id,
        ApiKey = issued.Secret,
        issued.Key.TenantId,
        issued.Key.Name,
        RateLimit = PerHour(issued.Key),
        ExpiresAt = issued.Key.ExpiresAt?.ToString(),
        CreatedAt = issued.Key.CreatedAt.ToUtcSeconds(),
    };

    public object Of(ApiKey key) => new
    {
        KeyId = key.Id,
        key.TenantId,
        key.Name,
        IsActive = key.Enabled,
        RateLimit = PerHour(key),
        CreatedAt = key.CreatedAt.ToUtcSeconds(),
        ExpiresAt = key.ExpiresAt?.ToString(),
        LastUsedAt = key.LastUsedAt?.ToUtcSeconds(),
        key.UsageCount,
    };

    private long PerHour(ApiKey key) => (key.RateLimits is [var own, ..] ? own : options.Value.RateLimiting.Default[0]).Permits;
}
