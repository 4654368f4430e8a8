using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Backplane;

/// <summary>Keeps this node on the bus from before the host listens until it has stopped.</summary>
internal sealed class BackplaneService(IServiceProvider services, TimeProvider clock, ILogger<BackplaneService> logger) : IHostedService, IDisposable
{
    // Longer than a bus that answers needs, and short enough for a host whose shutdown time is over already.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopping = new();
    private BackplaneMember? _member;
    private Task _backgroundTask = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var nodes = services.GetRequiredService<IApiKeyBackplaneMembership>();
            _member = services.GetRequiredService<IApiKeyInvalidator>().HasBackplane ? services.GetRequiredService<BackplaneMember>() : null;
            services.GetRequiredService<ApiKeyMetrics>().ObserveBackplane(() => nodes.MemberCount, _member is null ? null : () => _member.RemainingLease);
        }
        catch (OptionsValidationException)
        {
            // The check of all settings comes next, and tells this with all else that is wrong.
            return;
        }

        if (_member is not null)
        {
            var line = services.GetRequiredService<BackplaneClient>();
            await _member.SendHeartbeatAsync();
            _backgroundTask = Task.WhenAll(
                Task.Run(() => _member.RunAsync(_stopping.Token), CancellationToken.None),
                Task.Run(() => ListenAsync(line, _stopping.Token), CancellationToken.None));
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The token may be canceled already, because open connections used up the shutdown time. This node unregisters all the same, so
        // that the next change on another node does not wait for it: each step has a time limit of its own, and none of them throws.
        await _stopping.CancelAsync();
        await WaitAsync(_backgroundTask);
        if (_member is { } node)
        {
            await WaitAsync(node.LeaveAsync());
        }
    }

    // Its source is left as it is, which it may be: a host may be told to stop once more when it is disposed of already.
    public void Dispose() => _stopping.Cancel();

    private async Task WaitAsync(Task step) =>
        await step.WaitAsync(StopTimeout, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ListenAsync(BackplaneClient client, CancellationToken stoppingToken)
    {
        var options = services.GetRequiredService<ApiKeyBackplaneOptions>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await client.ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.BackplaneNotificationsUnavailable(logger, exception.GetType().Name);
            }

            await Task.Delay(options.Lease / 3, clock, stoppingToken);
        }
    }
}
