using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>The way to Redis of one key: one call at a time, with all who wait in the next.</summary>
internal sealed class Lane(LaneCalls calls)
{
    private const int MostAsks = 512;

    private readonly Lock _lock = new();
    private readonly Debts _debts = new();
    private readonly Queue<Ask> _waiting = new();
    private SharedSubject? _debtor;
    private bool _isCalling;
    private volatile Denial? _denial;

    private bool OwesNow => _debts.Any && !calls.IsOut;

    /// <summary>Whether another lane in its place would do as well.</summary>
    public bool IsIdle(long now)
    {
        lock (_lock)
        {
            return !_isCalling && !_debts.Any && _denial?.Stands(now) != true;
        }
    }

    /// <summary>Repeats a refusal that still stands.</summary>
    public bool TryRepeat(SharedSubject subject, long cost, long now, out RateLimitDecision repeated)
    {
        repeated = default;
        return _denial?.TryRepeat(subject, cost, now, out repeated) == true;
    }

    /// <summary>Sends an ask, at once or with the next call.</summary>
    /// <returns>When it is answered, which is no later than <see cref="ApiKeyRedisOptions.Timeout"/> after it began to wait.</returns>
    public Task SendAsync(Ask ask)
    {
        lock (_lock)
        {
            if (_isCalling)
            {
                _waiting.Enqueue(ask);
                return ask.Task;
            }

            _isCalling = true;
        }

        return RunAloneAsync(ask);
    }

    /// <summary>Notes what was let pass without Redis, which hears of it with the next call.</summary>
    public void Owe(SharedSubject subject, long cost, long now)
    {
        _debtor = subject;
        _debts.Add(now, cost, subject.Longest.Ticks);
        calls.NoteDebtor(this);
        if (!calls.IsOut)
        {
            Start();
        }
    }

    /// <summary>Tells Redis what it has not heard of.</summary>
    /// <returns>Whether it has heard of all.</returns>
    public async Task<bool> SettleAsync() => !_debts.Any || await CallAsync([]);

    private void Start()
    {
        lock (_lock)
        {
            if (_isCalling)
            {
                return;
            }

            _isCalling = true;
        }

        _ = RunAsync();
    }

    /// <summary>Makes the call of one who found nobody else here: he waits for Redis himself, so no other thread need wake him.</summary>
    private async Task RunAloneAsync(Ask ask)
    {
        await AnswerAllAsync([ask]);
        GoOn();
    }

    /// <summary>Sees to those who came meanwhile, before anything else that may take long.</summary>
    private void GoOn()
    {
        lock (_lock)
        {
            _isCalling = _waiting.Count > 0 || OwesNow;
            if (!_isCalling)
            {
                return;
            }
        }

        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        while (TryTake(out var asks))
        {
            await AnswerAllAsync(asks);
        }
    }

    /// <summary>Makes a call, and answers all who wait for it: those it did not answer, by telling them that it did not.</summary>
    private async Task AnswerAllAsync(List<Ask> asks)
    {
        try
        {
            await CallAsync(asks);
        }
        catch (Exception)
        {
            // A host's log may throw while an outage is told there. Nobody must wait for ever because of it.
        }

        asks.ForEach(static ask => ask.TrySetResult(null));
    }

    private bool TryTake(out List<Ask> asks)
    {
        asks = [];
        lock (_lock)
        {
            while (_waiting.TryPeek(out var next) && asks.Count < MostAsks && (asks.Count == 0 || next.GoesWith(asks[0])))
            {
                asks.Add(_waiting.Dequeue());
            }

            _isCalling = asks.Count > 0 || OwesNow;
            return _isCalling;
        }
    }

    private async Task<bool> CallAsync(List<Ask> asks)
    {
        var debts = _debts.Take();
        if (calls.IsOut && asks.Count > 0 || (asks.Count > 0 ? asks[0].Subject : _debtor) is not { } subject)
        {
            _debts.PutBack(debts);
            return false;
        }

        // Who waited for the call before has less time left for this one.
        var asked = calls.Now;
        var call = new ScriptCall(subject, debts, asked, asks);
        long[]? reply = null;
        try
        {
            reply = await calls.RunAsync(subject, call, asks.Count > 0 ? asked - asks[0].Since : 0);
        }
        finally
        {
            if (reply is null)
            {
                _debts.PutBack(debts);
            }
        }

        if (reply is null)
        {
            return false;
        }

        var came = calls.Now;
        if (debts.Count > 0 && !_debts.Any)
        {
            calls.ForgetDebtor(this);
        }

        var charged = call.Read(reply, (index, decision) => Answer(asks[index], decision, asked, came));
        calls.Charged(subject, charged);
        return true;
    }

    private void Answer(Ask ask, RateLimitDecision decision, long asked, long came)
    {
        if (decision is { IsAdmitted: false, RetryAfter: not null })
        {
            _denial = new Denial(ask.Subject, ask.Cost, decision, asked, came);
        }

        ask.TrySetResult(decision);
    }
}
