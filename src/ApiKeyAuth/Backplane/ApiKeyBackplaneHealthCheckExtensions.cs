using ApiKeyAuth.Backplane;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health of this node among others.</summary>
public static class ApiKeyBackplaneHealthCheckExtensions
{
    /// <summary>Adds a check that is healthy while the bus answers, and degraded while this node asks the key store for every request.</summary>
    /// <param name="builder">The builder that <c>AddHealthChecks()</c> gives.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">The check's tags.</param>
    public static IHealthChecksBuilder AddApiKeyBackplane(this IHealthChecksBuilder builder, string name = "apikeyauth-backplane", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<BackplaneHealthCheck>(name, HealthStatus.Degraded, tags ?? []);
    }
}
