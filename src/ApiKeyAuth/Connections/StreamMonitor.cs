using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Connections;

/// <summary>Ends open connections that their key no longer allows.</summary>
/// <remarks>
/// A key is read from the store again when it was invalidated, when this node has lost its lease, and when the cache would read it again.
/// The connections of a key that is not confirmed in time end. One timer serves them all, and runs only while there are some.
/// </remarks>
internal sealed class StreamMonitor : IDisposable
{
    private readonly Lock _timerGate = new();
    private readonly OpenStreams _streams;
    private readonly StreamChecks _checks;
    private readonly ApiKeyCache _cache;
    private readonly NodeLease _lease;
    private readonly StreamTimes _times;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private bool _isTicking;
    private int _isSweeping;

    public StreamMonitor(
        OpenStreams streams, StreamChecks checks, ApiKeyCache cache, NodeLease lease, StreamTimes times, TimeProvider clock)
    {
        (_streams, _checks, _cache, _lease, _times, _clock) = (streams, checks, cache, lease, times, clock);
        using (ExecutionContext.SuppressFlow())
        {
            // The first connection may create this object within its request, whose ambient state must not live as long as the timer.
            _timer = clock.CreateTimer(static self => ((StreamMonitor)self!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        cache.Invalidated += OnInvalidated;
    }

    /// <summary>Watches a connection. It is ended if its key was changed after its request was authorized.</summary>
    public void Open(OpenStream stream)
    {
        for (var each = stream; each is not null; each = each.Other)
        {
            OpenOne(each);
        }
    }

    private void OpenOne(OpenStream stream)
    {
        var key = _streams.Add(stream, _clock.GetTimestamp());
        StartTimer();

        // Only now: an invalidation before this point did not find the connection, and every later one does.
        Interlocked.MemoryBarrier();
        if (stream.Record is CachedApiKey record && _cache.Holds(record, _clock.GetTimestamp()))
        {
            key.Keep(record.FreshUntil, record.ServeUntil);
        }
        else
        {
            Require(key, _times.Patience);
        }
    }

    /// <summary>Determines whether a connection may go on, as far as that is known without waiting.</summary>
    public bool IsAllowed(OpenStream stream)
    {
        var now = _clock.GetTimestamp();
        return !stream.IsEnded && stream.Key is { } key && key.IsConfirmed(now, _lease.IsHeld(now))
            && (stream.Other is not { } other || IsAllowed(other));
    }

    /// <summary>Determines whether a connection may go on; waits until its key is confirmed.</summary>
    public async Task<bool> IsAllowedAsync(OpenStream stream)
    {
        if (stream.Key is { } key)
        {
            var now = _clock.GetTimestamp();
            if (!key.IsConfirmed(now, _lease.IsHeld(now)))
            {
                Require(key, _times.HalfLease);
            }

            await key.WaitAsync();
        }

        return !stream.IsEnded && (stream.Other is not { } other || await IsAllowedAsync(other));
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
                Require(key, _times.Patience);
            }
        }
        else if (_streams.Find(keyId) is { } key)
        {
            Require(key, _times.Patience);
        }
    }

    private void Require(KeyStreams key, long patience)
    {
        key.Require(_clock.GetTimestamp() + patience);
        _checks.Start(key, ownerOnly: false);
    }

    private void StartTimer()
    {
        lock (_timerGate)
        {
            if (!_isTicking)
            {
                _isTicking = _timer.Change(_times.Sweep, _times.Sweep);
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
        switch (key.Due(now, _clock.GetUtcNow().UtcTicks, _lease.IsHeld(now)))
        {
            case StreamWork.End:
                _checks.EndAll(key);
                break;
            case StreamWork.Check:
                _checks.Start(key, ownerOnly: false);
                break;
            case StreamWork.CheckOwner:
                _checks.Start(key, ownerOnly: true);
                break;
            default:
                break;
        }
    }

    private void StopTimer()
    {
        lock (_timerGate)
        {
            if (_streams.IsEmpty)
            {
                _isTicking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
