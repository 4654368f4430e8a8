namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Who waits for Redis. A call goes out when another comes back, or once as many wait as are on their way, and takes all who wait.</summary>
/// <remarks>So one who finds nobody before him goes at once, and many are gathered into calls that are few and large.</remarks>
internal sealed class AskQueue(LaneCalls calls)
{
    // The server does nothing else during a call, a few microseconds for each key.
    private const int MostAsks = 128;

    private readonly Lock _lock = new();
    private readonly Queue<Ask> _waiting = new();
    private int _onTheirWay;

    /// <summary>Sends an ask, at once or with the next call; it is answered no later than <see cref="ApiKeyRedisOptions.Timeout"/> after it began to wait.</summary>
    public void Send(Ask ask)
    {
        List<Ask>? asks;
        lock (_lock)
        {
            _waiting.Enqueue(ask);
            asks = _waiting.Count >= Math.Min(_onTheirWay, MostAsks) ? Take() : null;
        }

        Run(asks);
    }

    private void Run(List<Ask>? asks)
    {
        if (asks is not null)
        {
            _ = RunAsync(asks);
        }
    }

    private async Task RunAsync(List<Ask> asks)
    {
        await CallAsync(asks);
        if (asks is [var only])
        {
            // He goes on on this thread, so that no other need be woken: after those who came meanwhile, because it may take long.
            GoOn(came: 1);
            Tell(only, onOwnThread: false);
            return;
        }

        foreach (var ask in asks)
        {
            Tell(ask, onOwnThread: true);
        }

        // Those who were just told may ask again, and go with the next call then.
        await Task.Yield();
        GoOn(asks.Count);
    }

    private void GoOn(int came)
    {
        List<Ask>? asks;
        lock (_lock)
        {
            _onTheirWay -= came;
            asks = _waiting.Count > 0 ? Take() : null;
        }

        Run(asks);
    }

    private List<Ask> Take()
    {
        var asks = new List<Ask>(Math.Min(_waiting.Count, MostAsks));
        while (asks.Count < MostAsks && _waiting.TryDequeue(out var next))
        {
            asks.Add(next);
        }

        _onTheirWay += asks.Count;
        return asks;
    }

    private async Task CallAsync(List<Ask> asks)
    {
        try
        {
            if (!calls.IsOut)
            {
                await calls.RunAsync(calls.CallOf(asks));
            }
        }
        catch (Exception)
        {
            // A host's log may throw while an outage is told there. Nobody must wait for ever because of it.
        }
    }

    /// <summary>Tells one what was decided, by this node where Redis decided nothing.</summary>
    private void Tell(Ask ask, bool onOwnThread)
    {
        if (!ask.IsDecided)
        {
            try
            {
                ask.Decide(calls.DecideAlone(ask));
            }
            catch (Exception exception)
            {
                // Whoever listens to the meter may throw, and the next in line must be told all the same.
                ask.Fail(exception);
                return;
            }
        }

        ask.Tell(onOwnThread);
    }
}
