using ApiKeyAuth.Redis.Startup;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that register the health check for Redis.</summary>
public static class ApiKeyRedisHealthCheckExtensions
{
    /// <summary>Adds a health check that fails while Redis does not answer the rate limiter or the backplane.</summary>
    /// <param name="builder">The health checks builder.</param>
    /// <param name="name">The name of the health check. The default is <c>apikeyauth-redis</c>.</param>
    /// <param name="failureStatus">
    /// The status to report on failure. The default is <see cref="HealthStatus.Degraded"/>, because each node keeps limiting by itself and
    /// loads keys from the store.
    /// </param>
    /// <param name="tags">Tags that can be used to filter health checks.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    public static IHealthChecksBuilder AddApiKeyRedis(
        this IHealthChecksBuilder builder,
        string name = "apikeyauth-redis",
        HealthStatus failureStatus = HealthStatus.Degraded,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<RedisHealthCheck>(name, failureStatus, tags ?? []);
    }
}
