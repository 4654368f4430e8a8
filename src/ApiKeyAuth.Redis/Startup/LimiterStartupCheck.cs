using ApiKeyAuth.Backplane;
using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using ApiKeyAuth.Redis.Limiter;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>
/// Checks the server of the limiter before the host starts. A wrong setup stops the app; an unavailable server opens the circuit.
/// </summary>
/// <param name="server">The check of the server.</param>
/// <param name="probe">The probe of the limiter's script.</param>
/// <param name="client">The client of the limiter.</param>
/// <param name="warmUp">The warm-up of the client.</param>
/// <param name="membership">The number of nodes.</param>
/// <param name="options">The options.</param>
/// <param name="logger">The logger.</param>
/// <param name="backplane">The backplane, if the app has one.</param>
internal sealed class LimiterStartupCheck(
    [FromKeyedServices(RedisFeature.RateLimiter)] ServerCheck server,
    ServerProbe probe,
    LimiterClient client,
    WarmUp warmUp,
    IApiKeyBackplaneMembership membership,
    ApiKeyRedisOptions options,
    ILogger<LimiterStartupCheck> logger,
    IApiKeyBackplane? backplane = null) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await server.RunAsync(() => probe.RunAsync(ServerCheck.Timeout), cancellationToken);
            await client.DetectMultiKeySupportAsync();
            await warmUp.RunAsync();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            client.OpenCircuit(exception);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Any other backplane has reported the number of nodes by now, or the store has the last known one.
        if (client.IsCircuitOpen
            && options is { Outage: ApiKeyRedisOutage.LocalShare, ExpectedNodes: null }
            && backplane is null or RedisBackplane
            && membership.MemberCount == 1)
        {
            RedisLog.NodeCountUnknown(logger);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
