using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Limiter;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Reports whether Redis can decide, by a call of the limiter's script.</summary>
internal sealed class RedisHealthCheck(ServerProbe probe, ApiKeyRedisOptions options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await probe.RunAsync(options.Timeout);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception)
        {
            // The exception is left out, because reports may be public and its message may name the server.
            return new HealthCheckResult(context.Registration.FailureStatus, $"Redis does not answer ({RedisErrors.Describe(exception)}).");
        }
    }
}
