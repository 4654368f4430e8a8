using ApiKeyAuth.Backplane;
using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Connection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>
/// Checks the server of the backplane before the host starts. A wrong setup stops the app. The first heartbeat reports a server that is
/// unavailable.
/// </summary>
internal sealed class BackplaneStartupCheck(
    [FromKeyedServices(RedisFeature.Backplane)] ServerCheck server, BackplaneScript script, IApiKeyBackplane backplane)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (backplane is RedisBackplane)
            {
                await server.RunAsync(script.ProbeAsync, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // Reported by the first heartbeat.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
