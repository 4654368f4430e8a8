using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What a node has to say of one key: a refusal that stands, what Redis is still to hear of, and the way to it.</summary>
internal sealed class Lane(LaneCalls calls)
{
    private readonly Debts _debts = new();
    private SharedSubject? _debtor;
    private volatile Denial? _denial;
    private AskQueue? _ownWay;
    private int _isPaying;

    /// <summary>Whether another lane in its place would do as well.</summary>
    public bool IsIdle(long now) => !_debts.Any && _denial?.Stands(now) != true;

    /// <summary>Repeats a refusal that still stands.</summary>
    public bool TryRepeat(SharedSubject subject, long cost, long now, out RateLimitDecision repeated)
    {
        repeated = default;
        return _denial?.TryRepeat(subject, cost, now, out repeated) == true;
    }

    /// <summary>Sends an ask, with those of other keys where the server takes them together.</summary>
    public void Send(Ask ask) => (calls.OfAllKeys ?? LazyInitializer.EnsureInitialized(ref _ownWay, () => new AskQueue(calls))).Send(ask);

    /// <summary>Decides for one who asked, and keeps a refusal.</summary>
    public void Decide(Ask ask, RateLimitDecision decision, long asked, long came)
    {
        if (decision is { IsAdmitted: false, RetryAfter: not null })
        {
            _denial = new Denial(ask.Subject, ask.Cost, decision, asked, came);
        }

        ask.Decide(decision);
    }

    /// <summary>Notes what was let pass without Redis, which hears of it with the next call.</summary>
    public void Owe(SharedSubject subject, long cost, long now)
    {
        _debtor = subject;
        _debts.Add(now, cost, subject.Longest.Ticks);
        calls.NoteDebtor(this);
        Pay();
    }

    /// <summary>Takes what Redis is to hear of, for a call.</summary>
    public List<Debts.Run> TakeDebts() => _debts.Take();

    /// <summary>Takes back what a call could not tell.</summary>
    public void PutBack(List<Debts.Run> debts) => _debts.PutBack(debts);

    /// <summary>Notes that a call told it.</summary>
    public void NotePaid()
    {
        if (_debts.Any)
        {
            return;
        }

        calls.ForgetDebtor(this);
        if (_debts.Any)
        {
            // Somebody owed again in between.
            calls.NoteDebtor(this);
        }
    }

    /// <summary>Tells Redis what it has not heard of.</summary>
    /// <returns>Whether it has heard of all.</returns>
    public async Task<bool> SettleAsync() => !_debts.Any || _debtor is not { } debtor || await calls.RunAsync(new ScriptCall(debtor, calls.Now));

    private void Pay()
    {
        if (_debts.Any && !calls.IsOut && Interlocked.Exchange(ref _isPaying, 1) == 0)
        {
            _ = PayAsync();
        }
    }

    private async Task PayAsync()
    {
        try
        {
            await SettleAsync();
        }
        catch (Exception)
        {
            // As for who waits: a host's log may throw. What is owed was put back.
        }

        Volatile.Write(ref _isPaying, 0);
        Pay();
    }
}
