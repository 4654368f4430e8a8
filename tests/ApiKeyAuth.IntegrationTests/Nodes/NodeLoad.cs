using System.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Callers of every node with one key, each as soon as the last call was answered, and what those were told that asked after a moment.</summary>
internal sealed class NodeLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _callers;
    private readonly int[] _admitted;
    private long _mark = long.MaxValue;
    private int _askedAfter;
    private int _admittedAfter;

    public NodeLoad(IReadOnlyList<RunningNode> nodes, string secret)
    {
        _admitted = new int[nodes.Count];
        _callers = [.. Enumerable.Range(0, nodes.Count).Select(node => CallAsync(node, nodes[node], secret))];
    }

    /// <summary>Waits until every node has admitted the key a few times, so that it is remembered there.</summary>
    public async Task WaitForAdmissionsAsync()
    {
        while (_admitted.Any(count => Volatile.Read(ref count) < 3))
        {
            await Task.Delay(Pause);
        }
    }

    /// <summary>From here on the old rights are none.</summary>
    public void Mark() => Volatile.Write(ref _mark, Stopwatch.GetTimestamp());

    public async Task<(int Asked, int Admitted)> CountAfterMarkAsync(int atLeast)
    {
        while (Volatile.Read(ref _askedAfter) < atLeast)
        {
            await Task.Delay(Pause);
        }

        return (Volatile.Read(ref _askedAfter), Volatile.Read(ref _admittedAfter));
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
            var asked = Stopwatch.GetTimestamp();
            var isAdmitted = await node.CallAsync(secret) == 200;
            _admitted[index] += isAdmitted ? 1 : 0;
            if (asked > Volatile.Read(ref _mark))
            {
                Interlocked.Add(ref _admittedAfter, isAdmitted ? 1 : 0);
                Interlocked.Increment(ref _askedAfter);
            }

            await Task.Delay(Pause);
        }
    }
}
