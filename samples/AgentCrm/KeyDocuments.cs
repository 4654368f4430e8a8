using ApiKeyAuth;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.Extensions.Options;
using Samples;

namespace AgentCrm;

/// <summary>Creates the JSON documents of keys. The serializer changes the names to <c>snake_case</c>.</summary>
internal sealed class KeyDocuments(IOptions<ApiKeyAuthOptions> options)
{
    /// <summary>Creates the document of a new key, with its secret.</summary>
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
        CreatedAt = key.CreatedAt.ToUtcSeconds(),
        LastUsedAt = key.LastUsedAt?.ToUtcSeconds(),
    };

    private long PerMinute(ApiKey key) => (key.RateLimits is [var own, ..] ? own : options.Value.RateLimiting.Default[0]).Permits;
}
