using System.Collections.Concurrent;
using System.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Callers of every node with one limited key, each as soon as the last call was answered, and when each admission was asked for and answered.</summary>
internal sealed class LimitLoad : IAsyncDisposable
{
    private const int Callers = 3;

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(long Asked, long Answered)> _admitted = new();
    private readonly ConcurrentQueue<(int Node, int Status, TimeSpan Took)> _answers = new();
    private readonly Task[] _callers;

    public LimitLoad(IReadOnlyList<RunningNode> nodes, string secret) =>
        _callers = [.. Enumerable.Range(0, nodes.Count * Callers).Select(caller => Task.Run(() => CallAsync(caller % nodes.Count, nodes[caller % nodes.Count], secret)))];

    public int Admitted => _admitted.Count;

    public IReadOnlyCollection<(int Node, int Status, TimeSpan Took)> Answers => _answers;

    /// <summary>The most that were surely admitted within one window: asked after its begin, and answered before its end.</summary>
    public int MostInAWindow(TimeSpan window)
    {
        var ticks = (long)(window.TotalSeconds * Stopwatch.Frequency);
        var byAnswer = _admitted.OrderBy(each => each.Answered).ToArray();
        var most = 0;
        foreach (var (begin, _) in byAnswer)
        {
            most = Math.Max(most, byAnswer.Count(each => each.Asked >= begin && each.Answered < begin + ticks));
        }

        return most;
    }

    public int CountAnswered(long from, long to) => _admitted.Count(each => each.Answered >= from && each.Answered < to);

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
            var status = await node.CallAsync(secret, "/limited");
            var answered = Stopwatch.GetTimestamp();
            _answers.Enqueue((index, status, Stopwatch.GetElapsedTime(asked, answered)));
            if (status == 200)
            {
                _admitted.Enqueue((asked, answered));
            }
        }
    }
}
