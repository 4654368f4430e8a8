using ApiKeyAuth.Backplane.Membership;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Backplane;

/// <summary>Keeps this node registered on the backplane from before the host listens until it has stopped.</summary>
internal sealed class BackplaneService(IServiceProvider services, TimeProvider clock, ILogger<BackplaneService> logger)
    : IHostedService, IDisposable
{
    // Longer than a working backplane needs, and short enough for a host whose shutdown timeout has passed.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopping = new();
    private BackplaneMember? _member;
    private Task _backgroundTask = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!services.HasOptions<ApiKeyBackplaneOptions>())
        {
            return;
        }

        var membership = services.GetRequiredService<IApiKeyBackplaneMembership>();
        var hasBackplane = services.GetRequiredService<IApiKeyInvalidator>().HasBackplane;
        _member = hasBackplane ? services.GetRequiredService<BackplaneMember>() : null;
        services.GetRequiredService<ApiKeyMetrics>().ObserveBackplane(
            () => membership.MemberCount, _member is null ? null : () => _member.RemainingLease);
        if (_member is not null)
        {
            var client = services.GetRequiredService<BackplaneClient>();
            await _member.StartAsync();
            _backgroundTask = Task.WhenAll(
                Task.Run(() => _member.RunAsync(_stopping.Token), CancellationToken.None),
                Task.Run(() => ListenAsync(client, _stopping.Token), CancellationToken.None));
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The token may already be canceled, because open connections used up the shutdown timeout. The node unregisters nevertheless, so
        // that the next change on another node does not wait for it. Each step has its own timeout and does not throw.
        await _stopping.CancelAsync();
        await WaitAsync(_backgroundTask);
        if (_member is { } member)
        {
            await WaitAsync(member.LeaveAsync());
        }
    }

    // The source is not disposed, because a host may call StopAsync again after Dispose.
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
