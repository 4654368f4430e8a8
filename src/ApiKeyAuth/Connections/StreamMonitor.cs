using ApiKeyAuth.Caching;
using ApiKeyAuth.Connections.Checks;

namespace ApiKeyAuth.Connections;

/// <summary>Ends open connections that their key no longer allows.</summary>
/// <remarks>
/// A key is read from the store again when it was invalidated, when this node has lost its lease, and when the cache would read it again.
/// The connections of a key that is not confirmed in time end. One timer serves them all, and runs only while there are some.
/// </remarks>
internal sealed class StreamMonitor : IDisposable
{
    private readonly Lock _timerLock = new();
    private readonly OpenStreams _streams;
    private readonly StreamChecker _checks;
    private readonly ApiKeyCache _cache;
    private readonly CacheLease _lease;
    private readonly StreamTimings _timings;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private bool _isTicking;
    private int _isSweeping;

    public StreamMonitor(
        OpenStreams streams, StreamChecker checks, ApiKeyCache cache, CacheLease lease, StreamTimings timings, TimeProvider clock)
    {
        (_streams, _checks, _cache, _lease, _timings, _clock) = (streams, checks, cache, lease, timings, clock);
        using (ExecutionContext.SuppressFlow())
        {
            // The first connection may create this object within its request, whose ambient state must not live as long as the timer.
            _timer = clock.CreateTimer(
                static self => ((StreamMonitor)self!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        cache.Invalidated += OnInvalidated;
    }

    /// <summary>Monitors a connection. It ends if its key was changed after its request was authorized.</summary>
    public void Open(OpenStream stream)
    {
        for (var each = stream; each is not null; each = each.Sibling)
        {
            OpenSingle(each);
        }
    }

    private void OpenSingle(OpenStream stream)
    {
        var key = _streams.Add(stream, _clock.GetTimestamp());
        StartTimer();

        // Only now, because an earlier invalidation did not find the connection. Every later one does.
        Interlocked.MemoryBarrier();
        if (stream.CachedKey is CachedApiKey record && _cache.IsCurrent(record, _clock.GetTimestamp()))
        {
            key.SetCacheDeadlines(record.FreshUntil, record.ServeUntil);
        }
        else
        {
            RequireConfirmation(key, _timings.ConfirmationTimeout);
        }
    }

    /// <summary>Determines whether a connection may go on, as far as that is known without waiting.</summary>
    public bool IsAllowed(OpenStream stream)
    {
        var now = _clock.GetTimestamp();
        return !stream.IsEnded && stream.KeyStreams is { } key && key.IsConfirmed(now, _lease.IsHeld(now))
            && (stream.Sibling is not { } other || IsAllowed(other));
    }

    /// <summary>Determines whether a connection may go on; waits until its key is confirmed.</summary>
    public async Task<bool> IsAllowedAsync(OpenStream stream)
    {
        if (stream.KeyStreams is { } key)
        {
            var now = _clock.GetTimestamp();
            if (!key.IsConfirmed(now, _lease.IsHeld(now)))
            {
                RequireConfirmation(key, _timings.HalfLease);
            }

            await key.WaitForConfirmationAsync();
        }

        return !stream.IsEnded && (stream.Sibling is not { } other || await IsAllowedAsync(other));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Invalidated -= OnInvalidated;
        _timer.Dispose();
    }

    private void OnInvalidated(string? keyId)
    {
        Interlocked.MemoryBarrier();
        if (keyId is null)
        {
            foreach (var key in _streams.Keys)
            {
                RequireConfirmation(key, _timings.ConfirmationTimeout);
            }
        }
        else if (_streams.Find(keyId) is { } key)
        {
            RequireConfirmation(key, _timings.ConfirmationTimeout);
        }
    }

    private void RequireConfirmation(KeyStreams key, long timeout)
    {
        key.RequireConfirmation(_clock.GetTimestamp() + timeout);
        _checks.Start(key, ownerOnly: false);
    }

    private void StartTimer()
    {
        lock (_timerLock)
        {
            if (!_isTicking)
            {
                _isTicking = _timer.Change(_timings.SweepInterval, _timings.SweepInterval);
            }
        }
    }

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _isSweeping, 1) == 1)
        {
            return;
        }

        try
        {
            foreach (var key in _streams.Keys)
            {
                Sweep(key);
            }

            StopTimer();
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }

    private void Sweep(KeyStreams key)
    {
        var now = _clock.GetTimestamp();
        switch (key.GetDueAction(now, _clock.GetUtcNow().UtcTicks, _lease.IsHeld(now)))
        {
            case StreamAction.End:
                _checks.EndAll(key);
                break;
            case StreamAction.Check:
                _checks.Start(key, ownerOnly: false);
                break;
            case StreamAction.CheckOwner:
                _checks.Start(key, ownerOnly: true);
                break;
            default:
                break;
        }
    }

    private void StopTimer()
    {
        lock (_timerLock)
        {
            if (_streams.IsEmpty)
            {
                _isTicking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
