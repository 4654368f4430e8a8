using System.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Calls every node continuously with one key, and counts the admitted requests that were sent after a mark.</summary>
internal sealed class NodeLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _callers;
    private readonly int[] _admitted;
    private long _mark = long.MaxValue;
    private int _sentAfter;
    private int _admittedAfter;

    public NodeLoad(IReadOnlyList<RunningNode> nodes, string secret)
    {
        _admitted = new int[nodes.Count];
        _callers = [.. Enumerable.Range(0, nodes.Count).Select(node => CallAsync(node, nodes[node], secret))];
    }

    /// <summary>Waits until every node has admitted the key several times, so that it is cached there.</summary>
    public async Task WaitForAdmissionsAsync()
    {
        while (_admitted.Any(count => Volatile.Read(ref count) < 3))
        {
            await Task.Delay(Pause);
        }
    }

    /// <summary>Sets the mark after which the old rights must not be valid.</summary>
    public void Mark() => Volatile.Write(ref _mark, Stopwatch.GetTimestamp());

    public async Task<(int Sent, int Admitted)> CountAfterMarkAsync(int atLeast)
    {
        while (Volatile.Read(ref _sentAfter) < atLeast)
        {
            await Task.Delay(Pause);
        }

        return (Volatile.Read(ref _sentAfter), Volatile.Read(ref _admittedAfter));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
        _end.Dispose();
    }

    private async Task CallAsync(int index, RunningNode node, string secret)
    {
        while (!_end.IsCancellationRequested)
        {
            var sentAt = Stopwatch.GetTimestamp();
            var isAdmitted = await node.CallAsync(secret) == 200;
            _admitted[index] += isAdmitted ? 1 : 0;
            if (sentAt > Volatile.Read(ref _mark))
            {
                Interlocked.Add(ref _admittedAfter, isAdmitted ? 1 : 0);
                Interlocked.Increment(ref _sentAfter);
            }

            await Task.Delay(Pause);
        }
    }
}
