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
    private readonly TimeProvider _time;
    private readonly RedisMetrics _metrics;
    private readonly ConcurrentDictionary<Lane, bool> _debtors = new();
    private readonly AskQueue _ofAllKeys;
    private readonly long _origin;
    private volatile bool _takesKeysTogether;

    public LaneCalls(
        RedisConnection connection, TrialCall trial, Outage outage, PrimaryRecovery primary, LocalLimiter local, ApiKeyRedisOptions options, TimeProvider time,
        RedisMetrics metrics)
    {
        (_connection, _trial, _outage, _primary, _local, _options, _time, _metrics) = (connection, trial, outage, primary, local, options, time, metrics);
        _origin = time.GetTimestamp();
        _ofAllKeys = new AskQueue(this);
    }

    public bool IsOut => _outage.IsOn;

    /// <summary>The way of all keys, where the server was seen to take them in one call; else each goes its own.</summary>
    public AskQueue? OfAllKeys => _takesKeysTogether ? _ofAllKeys : null;

    /// <summary>A monotonic time in ticks.</summary>
    public long Now => _time.GetElapsedTime(_origin).Ticks;

    /// <summary>Makes a call, and decides for all who ask in it.</summary>
    /// <returns>False where it was not answered as it should, which begins an outage, or not in the time that is left to those who wait: then nothing is decided.</returns>
    public async Task<bool> RunAsync(ScriptCall call)
    {
        var isAnswered = false;
        try
        {
            isAnswered = await TryRunAsync(call);
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
    public async Task LookAsync() => _takesKeysTogether = !_options.OneKeyPerCall && await _trial.TakesKeysTogetherAsync(_time);

    /// <summary>Tries a whole call, then pays what is owed.</summary>
    public async Task<bool> RecoverAsync()
    {
        try
        {
            await _trial.RunAsync(_options.Timeout, _time);
            await LookAsync();
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

    private async Task<bool> TryRunAsync(ScriptCall call)
    {
        // Who waited for the call before has less time left for this one.
        var left = _options.Timeout - new TimeSpan(call.Waited);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        var began = _time.GetTimestamp();
        try
        {
            var reply = await SendAsync(call, left);
            if (reply is not null && call.TryTake(reply))
            {
                _metrics.Called(_time.GetElapsedTime(began), isAnswered: true);
                return true;
            }

            // A call that was given less than the whole time proves nothing; the next is given it.
            if (reply is not null || left > _options.Timeout / 2)
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

    /// <summary>Waits as long as is left; null where it takes longer.</summary>
    private async Task<long[]?> SendAsync(ScriptCall call, TimeSpan left)
    {
        var (states, arguments) = call.Write();
        var database = _connection.DatabaseAsync();
        var reply = database.IsCompletedSuccessfully
            ? LimitScript.RunAsync(database.Result, states, arguments)
            : ConnectAndRunAsync(database, states, arguments);
        await ((Task)reply.WaitAsync(left, _time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reply.IsCompleted)
        {
            return LimitScript.Read(await reply);
        }

        // Nobody asks how it ends.
        _ = reply.ContinueWith(
            late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return null;
    }

    private static async Task<RedisResult> ConnectAndRunAsync(ValueTask<IDatabase> database, RedisKey[] states, RedisValue[] arguments) =>
        await LimitScript.RunAsync(await database, states, arguments);
}
