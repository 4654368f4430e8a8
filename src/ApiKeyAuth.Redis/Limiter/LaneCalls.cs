using System.Collections.Concurrent;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Makes the calls of all lanes, bounded in time, and sees to what is owed once an outage ends.</summary>
internal sealed class LaneCalls
{
    private const int SettledAtOnce = 32;

    private readonly RedisConnection _connection;
    private readonly TrialCall _trial;
    private readonly Outage _outage;
    private readonly PrimaryRecovery _primary;
    private readonly LocalLimiter _local;
    private readonly ApiKeyRedisOptions _options;
    private readonly StallClock _clock;
    private readonly TimeProvider _time;
    private readonly RedisMetrics _metrics;
    private readonly ConcurrentDictionary<Lane, bool> _debtors = new();
    private readonly AskQueue _ofAllKeys;
    private readonly LateCalls _late = new();
    private volatile bool _takesKeysTogether;

    public LaneCalls(
        RedisConnection connection, TrialCall trial, Outage outage, PrimaryRecovery primary, LocalLimiter local, ApiKeyRedisOptions options,
        StallClock clock, TimeProvider time, RedisMetrics metrics)
    {
        (_connection, _trial, _outage, _primary, _local) = (connection, trial, outage, primary, local);
        (_options, _clock, _time, _metrics) = (options, clock, time, metrics);
        _ofAllKeys = new AskQueue(this);
    }

    public bool IsOut => _outage.IsOn;

    /// <summary>The way of all keys, where the server was seen to take them in one call; else each goes its own.</summary>
    public AskQueue? OfAllKeys => _takesKeysTogether ? _ofAllKeys : null;

    /// <summary>A monotonic time in ticks.</summary>
    public long Now => _clock.Now;

    /// <summary>Converts a time to the time this process has run until then, by which waits are measured.</summary>
    public long RunningAt(long now) => _clock.RunningAt(now);

    /// <summary>Creates the call for requests that wait, the first of them for the longest.</summary>
    public ScriptCall CallOf(List<Ask> asks)
    {
        var now = Now;
        return new ScriptCall(asks, now, RunningAt(now));
    }

    /// <summary>Makes a call, and decides for all who ask in it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="timeout">How long it may take, if not as long as a request waits.</param>
    /// <returns>False where it was not answered as it should, which begins an outage, or not in the time that is left to those who wait: then nothing is decided.</returns>
    public async Task<bool> RunAsync(ScriptCall call, TimeSpan? timeout = null)
    {
        var isAnswered = false;
        try
        {
            isAnswered = await TryRunAsync(call, timeout ?? _options.Timeout);
        }
        finally
        {
            if (!isAnswered)
            {
                call.PutBack();
            }
        }

        if (isAnswered)
        {
            call.Decide(Now);
            foreach (var part in call.Parts)
            {
                // So that an outage does not forgive it.
                _local.Note(part.Subject, part.Charged());
            }
        }

        return isAnswered;
    }

    /// <summary>Decides without Redis.</summary>
    public RateLimitDecision DecideAlone(Ask ask) => _local.Decide(ask.Subject, ask.Cost, ask.Charge, Now);

    /// <summary>Notes that a lane owes.</summary>
    public void NoteDebtor(Lane lane) => _debtors[lane] = true;

    /// <summary>Notes that a lane has paid.</summary>
    public void ForgetDebtor(Lane lane) => _debtors.TryRemove(lane, out _);

    /// <summary>Begins an outage with what a start found.</summary>
    public void BeginOutage(Exception exception) => _outage.Begin(Failures.Describe(exception), RecoverAsync);

    /// <summary>Finds out whether the server takes keys together.</summary>
    public async Task LookAsync() => _takesKeysTogether = !_options.OneKeyPerCall && await _trial.TakesKeysTogetherAsync();

    /// <summary>Tries a whole call, then pays what is owed.</summary>
    public async Task<bool> RecoverAsync()
    {
        try
        {
            await _trial.RunAsync(_options.Timeout);
            await LookAsync();
            _late.NoteAnswered();
        }
        catch (Exception exception)
        {
            // The outage was told when it began, and goes on.
            _primary.Note(exception);
            return false;
        }

        return await SettleAsync();
    }

    private async Task<bool> SettleAsync()
    {
        var areSettled = true;
        await Parallel.ForEachAsync(_debtors.Keys, new ParallelOptions { MaxDegreeOfParallelism = SettledAtOnce }, async (lane, _) =>
        {
            // One that fails leaves the rest for the next try, which is not to wait for every key.
            if (areSettled && !await lane.SettleAsync())
            {
                areSettled = false;
            }
        });
        return areSettled;
    }

    private async Task<bool> TryRunAsync(ScriptCall call, TimeSpan timeout)
    {
        var left = LeftOf(call, timeout);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        var sent = Now;
        var began = _time.GetTimestamp();
        try
        {
            var reply = await SendAsync(call, left);
            if (reply is not null && call.TryTake(reply))
            {
                _late.NoteAnswered();
                _metrics.Called(_time.GetElapsedTime(began), isAnswered: true);
                return true;
            }

            // A call that was given less than the whole time proves nothing; the next is given it.
            if (reply is not null || (left > timeout / 2 && _late.NoteLate(sent, Now)))
            {
                _outage.Begin(reply is null ? Failures.Late : "an answer of another form", RecoverAsync);
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, nobody may pass for it, and whoever waits must be answered.
            _primary.Note(exception);
            _outage.Begin(Failures.Describe(exception), RecoverAsync);
        }

        _metrics.Called(_time.GetElapsedTime(began), isAnswered: false);
        return false;
    }

    // Who waited for the call before has less time left for this one; a server that answered that one in time gets a slice in any case.
    private TimeSpan LeftOf(ScriptCall call, TimeSpan timeout)
    {
        var left = timeout - new TimeSpan(call.Waited);
        var min = timeout < _clock.Slice ? timeout : _clock.Slice;
        return left < min && !_late.Any ? min : left;
    }

    /// <summary>Waits as long as is left; null where it takes longer.</summary>
    private async Task<long[]?> SendAsync(ScriptCall call, TimeSpan left)
    {
        var (states, arguments) = call.Write();
        var database = _connection.DatabaseAsync();
        var reply = database.IsCompletedSuccessfully
            ? LimitScript.RunAsync(database.Result, states, arguments)
            : ConnectAndRunAsync(database, states, arguments);

        // As StallClock.WaitAsync does, without another state machine for each call.
        for (; !reply.IsCompleted && left > TimeSpan.Zero; left -= _clock.Slice)
        {
            var slice = left < _clock.Slice ? left : _clock.Slice;
            var due = Now + slice.Ticks;
            await ((Task)reply.WaitAsync(slice, _time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _clock.NoteEnd(due);
        }

        if (reply.IsCompleted)
        {
            return LimitScript.Read(await reply);
        }

        LateFailures.Ignore(reply);
        return null;
    }

    private static async Task<RedisResult> ConnectAndRunAsync(ValueTask<IDatabase> database, RedisKey[] states, RedisValue[] arguments) =>
        await LimitScript.RunAsync(await database, states, arguments);
}
