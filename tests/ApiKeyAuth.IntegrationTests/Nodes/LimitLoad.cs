using System.Collections.Concurrent;
using System.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Calls every node continuously with one limited key, and records when request admitted request was sent and completed.</summary>
internal sealed class LimitLoad : IAsyncDisposable
{
    private const int Callers = 3;

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(long Sent, long Completed)> _admitted = new();
    private readonly ConcurrentQueue<(int Node, int Status, TimeSpan Took)> _answers = new();
    private readonly Task[] _callers;

    public LimitLoad(IReadOnlyList<RunningNode> nodes, string secret) =>
        _callers = [.. Enumerable.Range(0, nodes.Count * Callers).Select(
            caller => Task.Run(() => CallAsync(caller % nodes.Count, nodes[caller % nodes.Count], secret)))];

    public int Admitted => _admitted.Count;

    public IReadOnlyCollection<(int Node, int Status, TimeSpan Took)> Answers => _answers;

    /// <summary>
    /// Returns the maximum number of requests that were certainly admitted within one window: sent after its start, and completed before
    /// its end.
    /// </summary>
    public int MaxInAWindow(TimeSpan window)
    {
        var ticks = (long)(window.TotalSeconds * Stopwatch.Frequency);
        var byCompletion = _admitted.OrderBy(request => request.Completed).ToArray();
        var max = 0;
        foreach (var (begin, _) in byCompletion)
        {
            max = Math.Max(max, byCompletion.Count(request => request.Sent >= begin && request.Completed < begin + ticks));
        }

        return max;
    }

    public int CountAnswered(long from, long to) => _admitted.Count(request => request.Completed >= from && request.Completed < to);

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
            var status = await node.CallAsync(secret, "/limited");
            var completedAt = Stopwatch.GetTimestamp();
            _answers.Enqueue((index, status, Stopwatch.GetElapsedTime(sentAt, completedAt)));
            if (status == 200)
            {
                _admitted.Enqueue((sentAt, completedAt));
            }
        }
    }
}
