using ApiKeyAuth.Backplane;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that add the health check of the backplane.</summary>
public static class ApiKeyBackplaneHealthCheckExtensions
{
    /// <summary>
    /// Adds a health check that is healthy while the backplane answers, and degraded while this node queries the key store for every
    /// request.
    /// </summary>
    /// <param name="builder">The health checks builder.</param>
    /// <param name="name">The name of the health check. The default is <c>apikeyauth-backplane</c>.</param>
    /// <param name="tags">The tags of the health check.</param>
    public static IHealthChecksBuilder AddApiKeyBackplane(
        this IHealthChecksBuilder builder, string name = "apikeyauth-backplane", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<BackplaneHealthCheck>(name, HealthStatus.Degraded, tags ?? []);
    }
}
