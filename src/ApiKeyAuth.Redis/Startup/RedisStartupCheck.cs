using ApiKeyAuth.Backplane;
using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Diagnostics;
using ApiKeyAuth.Redis.Limiter;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>
/// Checks the server before the host starts. A wrong setup stops the app; an unavailable server opens the circuit.
/// </summary>
internal sealed class RedisStartupCheck(
    ServerCheck server,
    HostNameCheck names,
    LimiterClient client,
    WarmUp warmUp,
    IApiKeyBackplane backplane,
    IApiKeyBackplaneMembership membership,
    ApiKeyRedisOptions options,
    ILogger<RedisStartupCheck> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(CheckServerAsync(cancellationToken), names.CheckAsync(cancellationToken));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Any other backplane has reported the number of nodes by now, or the store has the last known one.
        if (client.IsCircuitOpen && options is { Outage: ApiKeyRedisOutage.LocalShare, ExpectedNodes: null }
            && backplane is RedisBackplane && membership.MemberCount == 1)
        {
            RedisLog.NodeCountUnknown(logger);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CheckServerAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await server.FindProblemAsync(cancellationToken) is { } problem)
            {
                throw new InvalidOperationException($"AddRedis(): {problem}");
            }

            await client.DetectMultiKeySupportAsync();
            await warmUp.RunAsync();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            client.OpenCircuit(exception);
        }
    }
}
