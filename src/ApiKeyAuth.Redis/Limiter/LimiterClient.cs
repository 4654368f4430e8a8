using System.Collections.Concurrent;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Sends batches to Redis with a timeout, and synchronizes the unsynced charges after an outage.</summary>
internal sealed class LimiterClient
{
    private const int MaxParallelSynchronizations = 32;

    private readonly RedisConnection _connection;
    private readonly ServerProbe _probe;
    private readonly RedisCircuitBreaker _circuitBreaker;
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
        [FromKeyedServices(RedisFeature.RateLimiter)] RedisConnection connection,
        ServerProbe probe,
        RedisCircuitBreaker circuitBreaker,
        FallbackLimiter fallback,
        ApiKeyRedisOptions options,
        StallAwareClock clock,
        TimeProvider time,
        RedisMetrics metrics)
    {
        (_connection, _probe, _circuitBreaker) = (connection, probe, circuitBreaker);
        (_fallback, _options, _clock, _time, _metrics) = (fallback, options, clock, time, metrics);
        _sharedBatcher = new CheckBatcher(this);
    }

    public bool IsCircuitOpen => _circuitBreaker.IsOpen;

    /// <summary>
    /// Gets the batcher that all keys share, or <see langword="null"/> if the server does not support calls with several keys.
    /// </summary>
    public CheckBatcher? SharedBatcher => _supportsMultiKeyCalls ? _sharedBatcher : null;

    /// <summary>Gets a monotonic time in ticks.</summary>
    public long Now => _clock.Now;

    /// <summary>Converts a time to the running time of this process at that moment, by which waits are measured.</summary>
    public long ToRunningTime(long now) => _clock.ToRunningTime(now);

    /// <summary>Creates a batch of pending checks. The first one has waited for the longest time.</summary>
    public ScriptBatch CreateBatch(List<PendingCheck> checks)
    {
        var now = Now;
        return new ScriptBatch(checks, now, ToRunningTime(now));
    }

    /// <summary>Sends a batch and applies the decisions to its checks.</summary>
    /// <param name="batch">The batch to send.</param>
    /// <param name="timeout">The timeout. The default is <see cref="ApiKeyRedisOptions.Timeout"/>.</param>
    /// <returns>
    /// <see langword="false"/> if no valid reply was received in time. Then nothing is decided. A failed call also opens the circuit.
    /// </returns>
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
            foreach (var keyBatch in batch.KeyBatches)
            {
                // The fallback counts it if an outage follows.
                _fallback.RecordAdmitted(keyBatch.Subject, keyBatch.GetChargedCost());
            }
        }

        return isAnswered;
    }

    /// <summary>Decides without Redis.</summary>
    public RateLimitDecision CheckWithFallback(PendingCheck check) => _fallback.Decide(check.Subject, check.Cost, check.Charge, Now);

    /// <summary>Registers a key that has unsynced charges.</summary>
    public void AddUnsyncedState(KeyState state) => _unsyncedStates[state] = true;

    /// <summary>Removes a key whose charges are synchronized.</summary>
    public void RemoveUnsyncedState(KeyState state) => _unsyncedStates.TryRemove(state, out _);

    /// <summary>Opens the circuit after an error at startup.</summary>
    public void OpenCircuit(Exception exception) => _circuitBreaker.Open(RedisErrors.Describe(exception), TryRecoverAsync);

    /// <summary>Detects whether the server supports calls with several keys.</summary>
    public async Task DetectMultiKeySupportAsync() =>
        _supportsMultiKeyCalls = !_options.OneKeyPerCall && await _probe.SupportsMultiKeyCallsAsync();

    /// <summary>Probes the server, then synchronizes the unsynced charges.</summary>
    /// <returns><see langword="true"/> if both succeed; otherwise, <see langword="false"/>.</returns>
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
            // Not logged: the outage was logged when it began, and continues.
            _connection.ReportFailure(exception);
            return false;
        }

        return await SynchronizeAllAsync();
    }

    private async Task<bool> SynchronizeAllAsync()
    {
        var areSynchronized = true;
        var parallelOptions = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelSynchronizations };
        await Parallel.ForEachAsync(_unsyncedStates.Keys, parallelOptions, async (state, _) =>
        {
            // After a failure the rest is left for the next retry, instead of waiting for a timeout per key.
            if (areSynchronized && !await state.SynchronizeAsync())
            {
                areSynchronized = false;
            }
        });
        return areSynchronized;
    }

    private async Task<bool> TryRunAsync(ScriptBatch batch, TimeSpan timeout)
    {
        var remaining = GetRemainingTime(batch, timeout);
        if (remaining <= TimeSpan.Zero)
        {
            return false;
        }

        var sentAt = Now;
        var began = _time.GetTimestamp();
        try
        {
            var reply = await SendAsync(batch, remaining);
            if (reply is not null && batch.TryReadReply(reply))
            {
                _timeouts.RecordSuccess();
                _metrics.CallCompleted(_time.GetElapsedTime(began), isAnswered: true);
                return true;
            }

            // A timeout counts only if the call had more than half of the configured time.
            if (reply is not null || (remaining > timeout / 2 && _timeouts.RecordTimeout(sentAt, Now)))
            {
                _circuitBreaker.Open(reply is null ? RedisErrors.NoAnswer : "a reply in an unknown format", TryRecoverAsync);
            }
        }
        catch (Exception exception)
        {
            // On any error the fallback decides for the pending checks.
            _connection.ReportFailure(exception);
            _circuitBreaker.Open(RedisErrors.Describe(exception), TryRecoverAsync);
        }

        _metrics.CallCompleted(_time.GetElapsedTime(began), isAnswered: false);
        return false;
    }

    // Checks that waited for the previous call have less time left. If that call was in time, this one gets at least one slice.
    private TimeSpan GetRemainingTime(ScriptBatch batch, TimeSpan timeout)
    {
        var remaining = timeout - new TimeSpan(batch.WaitedTicks);
        var min = timeout < _clock.Slice ? timeout : _clock.Slice;
        return remaining < min && !_timeouts.HasTimeout ? min : remaining;
    }

    /// <summary>Sends a batch and waits for the reply. Returns <see langword="null"/> after a timeout.</summary>
    private async Task<long[]?> SendAsync(ScriptBatch batch, TimeSpan remaining)
    {
        var (states, arguments) = batch.CreateArguments();
        var database = _connection.GetDatabaseAsync();
        var reply = database.IsCompletedSuccessfully
            ? LimitScript.RunAsync(database.Result, states, arguments)
            : ConnectAndRunAsync(database, states, arguments);

        // Inlined StallAwareClock.WaitAsync, which would allocate another state machine per call.
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
