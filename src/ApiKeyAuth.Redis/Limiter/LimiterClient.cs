using System.Collections.Concurrent;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Makes the calls of all lanes, bounded in time, and sees to what is owed once an outage ends.</summary>
internal sealed class LimiterClient
{
    private const int MaxParallelSynchronizations = 32;

    private readonly RedisConnection _connection;
    private readonly ServerProbe _probe;
    private readonly RedisCircuitBreaker _circuitBreaker;
    private readonly PrimaryRecovery _primaryRecovery;
    private readonly FallbackLimiter _fallback;
    private readonly ApiKeyRedisOptions _options;
    private readonly StallAwareClock _clock;
    private readonly TimeProvider _time;
    private readonly RedisMetrics _metrics;
    private readonly ConcurrentDictionary<KeyState, bool> _unsyncedStates = new();
    private readonly CheckBatcher _sharedBatcher;
    private readonly TimeoutTracker _timeouts = new();
    private volatile bool _supportsMultiKeyCalls;

    public LimiterClient(
        RedisConnection connection, ServerProbe probe, RedisCircuitBreaker circuitBreaker, PrimaryRecovery primaryRecovery, FallbackLimiter fallback, ApiKeyRedisOptions options,
        StallAwareClock clock, TimeProvider time, RedisMetrics metrics)
    {
        (_connection, _probe, _circuitBreaker, _primaryRecovery, _fallback) = (connection, probe, circuitBreaker, primaryRecovery, fallback);
        (_options, _clock, _time, _metrics) = (options, clock, time, metrics);
        _sharedBatcher = new CheckBatcher(this);
    }

    public bool IsCircuitOpen => _circuitBreaker.IsOpen;

    /// <summary>The way of all keys, where the server was seen to take them in one call; else each goes its own.</summary>
    public CheckBatcher? SharedBatcher => _supportsMultiKeyCalls ? _sharedBatcher : null;

    /// <summary>A monotonic time in ticks.</summary>
    public long Now => _clock.Now;

    /// <summary>Converts a time to the time this process has run until then, by which waits are measured.</summary>
    public long ToRunningTime(long now) => _clock.ToRunningTime(now);

    /// <summary>Creates the call for requests that wait, the first of them for the longest.</summary>
    public ScriptBatch CreateBatch(List<PendingCheck> checks)
    {
        var now = Now;
        return new ScriptBatch(checks, now, ToRunningTime(now));
    }

    /// <summary>Makes a call, and decides for all who ask in it.</summary>
    /// <param name="batch">The call.</param>
    /// <param name="timeout">How long it may take, if not as long as a request waits.</param>
    /// <returns>False where it was not answered as it should, which begins an outage, or not in the time that is left to those who wait: then nothing is decided.</returns>
    public async Task<bool> RunAsync(ScriptBatch batch, TimeSpan? timeout = null)
    {
        var isAnswered = false;
        try
        {
            isAnswered = await TryRunAsync(batch, timeout ?? _options.Timeout);
        }
        finally
        {
            if (!isAnswered)
            {
                batch.RestoreUnsyncedCharges();
            }
        }

        if (isAnswered)
        {
            batch.ApplyDecisions(Now);
            foreach (var part in batch.KeyBatches)
            {
                // So that an outage does not forgive it.
                _fallback.RecordAdmitted(part.Subject, part.GetChargedCost());
            }
        }

        return isAnswered;
    }

    /// <summary>Decides without Redis.</summary>
    public RateLimitDecision CheckWithFallback(PendingCheck check) => _fallback.Decide(check.Subject, check.Cost, check.Charge, Now);

    /// <summary>Notes that a lane owes.</summary>
    public void AddUnsyncedState(KeyState state) => _unsyncedStates[state] = true;

    /// <summary>Notes that a lane has paid.</summary>
    public void RemoveUnsyncedState(KeyState state) => _unsyncedStates.TryRemove(state, out _);

    /// <summary>Begins an outage with what a start found.</summary>
    public void OpenCircuit(Exception exception) => _circuitBreaker.Open(RedisErrors.Describe(exception), TryRecoverAsync);

    /// <summary>Finds out whether the server takes keys together.</summary>
    public async Task DetectMultiKeySupportAsync() => _supportsMultiKeyCalls = !_options.OneKeyPerCall && await _probe.SupportsMultiKeyCallsAsync();

    /// <summary>Tries a whole call, then pays what is owed.</summary>
    public async Task<bool> TryRecoverAsync()
    {
        try
        {
            await _probe.RunAsync(_options.Timeout);
            await DetectMultiKeySupportAsync();
            _timeouts.RecordSuccess();
        }
        catch (Exception exception)
        {
            // The outage was told when it began, and goes on.
            _primaryRecovery.ReportFailure(exception);
            return false;
        }

        return await SynchronizeAllAsync();
    }

    private async Task<bool> SynchronizeAllAsync()
    {
        var areSettled = true;
        await Parallel.ForEachAsync(_unsyncedStates.Keys, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelSynchronizations }, async (lane, _) =>
        {
            // One that fails leaves the rest for the next try, which is not to wait for every key.
            if (areSettled && !await lane.SynchronizeAsync())
            {
                areSettled = false;
            }
        });
        return areSettled;
    }

    private async Task<bool> TryRunAsync(ScriptBatch batch, TimeSpan timeout)
    {
        var left = GetRemainingTime(batch, timeout);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        var sent = Now;
        var began = _time.GetTimestamp();
        try
        {
            var reply = await SendAsync(batch, left);
            if (reply is not null && batch.TryReadReply(reply))
            {
                _timeouts.RecordSuccess();
                _metrics.CallCompleted(_time.GetElapsedTime(began), isAnswered: true);
                return true;
            }

            // A call that was given less than the whole time proves nothing; the next is given it.
            if (reply is not null || (left > timeout / 2 && _timeouts.RecordTimeout(sent, Now)))
            {
                _circuitBreaker.Open(reply is null ? RedisErrors.NoAnswer : "an answer of another form", TryRecoverAsync);
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, nobody may pass for it, and whoever waits must be answered.
            _primaryRecovery.ReportFailure(exception);
            _circuitBreaker.Open(RedisErrors.Describe(exception), TryRecoverAsync);
        }

        _metrics.CallCompleted(_time.GetElapsedTime(began), isAnswered: false);
        return false;
    }

    // Who waited for the call before has less time left for this one; a server that answered that one in time gets a slice in any case.
    private TimeSpan GetRemainingTime(ScriptBatch batch, TimeSpan timeout)
    {
        var left = timeout - new TimeSpan(batch.WaitedTicks);
        var min = timeout < _clock.Slice ? timeout : _clock.Slice;
        return left < min && !_timeouts.HasTimeout ? min : left;
    }

    /// <summary>Waits as long as is left; null where it takes longer.</summary>
    private async Task<long[]?> SendAsync(ScriptBatch batch, TimeSpan remaining)
    {
        var (states, arguments) = batch.CreateArguments();
        var database = _connection.GetDatabaseAsync();
        var reply = database.IsCompletedSuccessfully
            ? LimitScript.RunAsync(database.Result, states, arguments)
            : ConnectAndRunAsync(database, states, arguments);

        // As StallAwareClock.WaitAsync does, without another state machine for each call.
        for (; !reply.IsCompleted && remaining > TimeSpan.Zero; remaining -= _clock.Slice)
        {
            var slice = remaining < _clock.Slice ? remaining : _clock.Slice;
            var due = Now + slice.Ticks;
            await ((Task)reply.WaitAsync(slice, _time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _clock.RecordSliceEnd(due);
        }

        if (reply.IsCompleted)
        {
            return LimitScript.ReadReply(await reply);
        }

        TaskExceptionObserver.Observe(reply);
        return null;
    }

    private static async Task<RedisResult> ConnectAndRunAsync(ValueTask<IDatabase> database, RedisKey[] states, RedisValue[] arguments) =>
        await LimitScript.RunAsync(await database, states, arguments);
}
