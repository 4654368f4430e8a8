using ApiKeyAuth.Backplane;
using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Limiter;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Reports whether Redis answers, by a call of the script of each feature that uses it.</summary>
/// <param name="clock">The clock that measures the waits.</param>
/// <param name="options">The options.</param>
/// <param name="limiter">The probe of the limiter, if Redis limits.</param>
/// <param name="script">The script of the backplane, if Redis was added as the backplane.</param>
/// <param name="backplane">The backplane, if the app has one.</param>
internal sealed class RedisHealthCheck(
    StallAwareClock clock,
    ApiKeyRedisOptions options,
    ServerProbe? limiter = null,
    BackplaneScript? script = null,
    IApiKeyBackplane? backplane = null) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            if (limiter is not null)
            {
                await limiter.RunAsync(options.Timeout);
            }

            if (script is not null && backplane is RedisBackplane)
            {
                await clock.WaitAsync(script.ProbeAsync(), options.Timeout);
            }

            return HealthCheckResult.Healthy();
        }
        catch (Exception exception)
        {
            // The exception is left out, because reports may be public and its message may name the server.
            return new HealthCheckResult(context.Registration.FailureStatus, $"Redis does not answer ({RedisErrors.Describe(exception)}).");
        }
    }
}
