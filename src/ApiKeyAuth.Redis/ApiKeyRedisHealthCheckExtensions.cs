using ApiKeyAuth.Redis.Startup;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a health check of Redis.</summary>
public static class ApiKeyRedisHealthCheckExtensions
{
    /// <summary>Adds a health check that fails while Redis does not decide.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">Its name.</param>
    /// <param name="failureStatus">What it reports then; degraded by default, because nodes go on with their share.</param>
    /// <param name="tags">Its tags.</param>
    public static IHealthChecksBuilder AddApiKeyRedis(
        this IHealthChecksBuilder builder, string name = "apikeyauth-redis", HealthStatus failureStatus = HealthStatus.Degraded, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<RedisHealthCheck>(name, failureStatus, tags ?? []);
    }
}
