using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Represents nodes that are started and stopped together.</summary>
internal sealed class RunningNodes : IAsyncDisposable
{
    private RunningNodes(RunningNode[] nodes) => All = nodes;

    public RunningNode[] All { get; }

    /// <summary>Starts nodes, and waits until they are registered and the list of nodes counts as complete.</summary>
    public static async Task<RunningNodes> StartAsync(int count, Func<int, NodeApp.Settings> settings, TimeSpan lease)
    {
        var nodes = new RunningNodes(await Task.WhenAll(Enumerable.Range(0, count).Select(node => RunningNode.StartAsync(settings(node)))));
        foreach (var node in nodes.All)
        {
            while (!await node.IsHealthyAsync())
            {
                await Task.Delay(50);
            }
        }

        await Task.Delay(lease * 1.6);
        return nodes;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(All.Select(node => node.DisposeAsync().AsTask()));
}
