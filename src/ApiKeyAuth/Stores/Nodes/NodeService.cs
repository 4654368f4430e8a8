using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Stores;

/// <summary>Keeps this node on the bus from before the host listens until it has stopped.</summary>
internal sealed class NodeService(IServiceProvider services, TimeProvider clock, ILogger<NodeService> logger) : IHostedService, IDisposable
{
    // Longer than a bus that answers needs, and short enough for a host whose shutdown time is over already.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopping = new();
    private Node? _node;
    private Task _work = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var nodes = services.GetRequiredService<IApiKeyNodes>();
            _node = services.GetRequiredService<IApiKeyBus>().IsConnected ? services.GetRequiredService<Node>() : null;
            services.GetRequiredService<ApiKeyMetrics>().ObserveNodes(() => nodes.Count, _node is null ? null : () => _node.Left);
        }
        catch (OptionsValidationException)
        {
            // The check of all settings comes next, and tells this with all else that is wrong.
            return;
        }

        if (_node is not null)
        {
            var line = services.GetRequiredService<BusLine>();
            await _node.BeatAsync();
            _work = Task.WhenAll(
                Task.Run(() => _node.RunAsync(_stopping.Token), CancellationToken.None),
                Task.Run(() => ListenAsync(line, _stopping.Token), CancellationToken.None));
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The token may be canceled already, because open connections used up the shutdown time. This node unregisters all the same, so
        // that the next change on another node does not wait for it: each step has a time limit of its own, and none of them throws.
        await _stopping.CancelAsync();
        await WaitAsync(_work);
        if (_node is { } node)
        {
            await WaitAsync(node.LeaveAsync());
        }
    }

    // Its source is left as it is, which it may be: a host may be told to stop once more when it is disposed of already.
    public void Dispose() => _stopping.Cancel();

    private async Task WaitAsync(Task step) =>
        await step.WaitAsync(StopTimeout, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ListenAsync(BusLine line, CancellationToken stoppingToken)
    {
        var options = services.GetRequiredService<ApiKeyNodeOptions>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await line.ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.HintsLost(logger, exception.GetType().Name);
            }

            await Task.Delay(options.Lease / 3, clock, stoppingToken);
        }
    }
}
