using ApiKeyAuth.Connections.Checks;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Connections;

/// <summary>Represents the open connections of one key and the state of the key since they were opened.</summary>
/// <remarks>Times are timestamps of the clock. A deadline of <see cref="long.MaxValue"/> means that there is none.</remarks>
internal sealed class KeyStreams(string keyId, OpenStreams openStreams, StreamTimings timings)
{
    private readonly Lock _lock = new();
    private OpenStream? _first;
    private ApiKey? _latest;
    private TaskCompletionSource? _confirmationSource;
    private bool _isRetired;
    private bool _isChecking;
    private bool _hasFailed;
    private long _changes;
    private long _confirmationDeadline = long.MaxValue;
    private long _confirmedAt = long.MinValue;
    private long _recheckAt = long.MaxValue;
    private long _serveUntil = long.MaxValue;
    private long _ownerCheckAt = long.MaxValue;
    private long _nextExpiration = long.MaxValue;

    public string KeyId { get; } = keyId;

    /// <summary>Gets the open connections of all keys.</summary>
    public OpenStreams OpenStreams { get; } = openStreams;

    /// <summary>Gets the key as it was last read.</summary>
    public ApiKey Latest => Volatile.Read(ref _latest)!;

    /// <summary>Adds a connection.</summary>
    /// <returns><see langword="false"/> if this object was retired because its last connection was removed.</returns>
    public bool TryAdd(OpenStream stream, long now)
    {
        lock (_lock)
        {
            if (_isRetired)
            {
                return false;
            }

            var key = stream.Verified.Key;
            _latest = _latest is null || key.Version >= _latest.Version ? key : _latest;
            _ownerCheckAt = key.Kind == ApiKeyKinds.Personal ? Math.Min(_ownerCheckAt, now + timings.HalfLease) : _ownerCheckAt;
            stream.ExpiresAt = StreamRules.GetExpiration(key, stream.Verified.Secret);
            _nextExpiration = Math.Min(_nextExpiration, stream.ExpiresAt);
            stream.KeyStreams = this;
            stream.Next = _first;
            _first?.Previous = stream;
            _first = stream;
            return true;
        }
    }

    /// <summary>Removes a connection, unless it was removed before.</summary>
    /// <returns><see langword="true"/> if it was the last connection.</returns>
    public bool Remove(OpenStream stream)
    {
        lock (_lock)
        {
            if (stream.KeyStreams != this)
            {
                return false;
            }

            stream.KeyStreams = null;
            stream.Previous?.Next = stream.Next;
            stream.Next?.Previous = stream.Previous;
            _first = _first == stream ? stream.Next : _first;
            stream.Previous = stream.Next = null;
            _isRetired = _first is null;
            if (_isRetired)
            {
                ReleaseWaiters();
            }

            return _isRetired;
        }
    }

    /// <summary>Returns the current connections.</summary>
    public List<OpenStream> Snapshot()
    {
        var streams = new List<OpenStream>();
        lock (_lock)
        {
            for (var stream = _first; stream is not null; stream = stream.Next)
            {
                streams.Add(stream);
            }
        }

        return streams;
    }

    /// <summary>Sets the deadlines of the cached record that the connection was opened with.</summary>
    public void SetCacheDeadlines(long freshUntil, long serveUntil)
    {
        lock (_lock)
        {
            _recheckAt = Math.Min(_recheckAt, freshUntil - timings.SweepTicks);
            _serveUntil = Math.Min(_serveUntil, serveUntil);
        }
    }

    /// <summary>Requires the key to be read from the store by a deadline. Connections that are not confirmed by then end.</summary>
    public void RequireConfirmation(long deadline)
    {
        lock (_lock)
        {
            RequireConfirmationLocked(deadline);
        }
    }

    /// <summary>Determines whether the key was confirmed since its last change and, without the lease, recently.</summary>
    public bool IsConfirmed(long now, bool isLeaseHeld)
    {
        lock (_lock)
        {
            return _confirmationDeadline == long.MaxValue && (isLeaseHeld || IsRecentlyConfirmed(now));
        }
    }

    /// <summary>Waits until the key is confirmed, or its last connection has closed.</summary>
    public Task WaitForConfirmationAsync()
    {
        lock (_lock)
        {
            return _confirmationDeadline == long.MaxValue || _isRetired
                ? Task.CompletedTask
                : (_confirmationSource ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Gets a value indicating whether the last check failed.</summary>
    public bool HasFailed => Volatile.Read(ref _hasFailed);

    /// <summary>Returns the action that is due.</summary>
    /// <param name="now">The timestamp of the clock.</param>
    /// <param name="utcTicks">The time, in UTC ticks.</param>
    /// <param name="isLeaseHeld">Whether this node holds its lease.</param>
    public StreamAction GetDueAction(long now, long utcTicks, bool isLeaseHeld)
    {
        lock (_lock)
        {
            if (now >= _confirmationDeadline || (_hasFailed && now >= _serveUntil))
            {
                return StreamAction.End;
            }

            if (_confirmationDeadline == long.MaxValue && !isLeaseHeld && !IsRecentlyConfirmed(now))
            {
                RequireConfirmationLocked(now + timings.HalfLease);
            }

            if (_confirmationDeadline == long.MaxValue && utcTicks >= _nextExpiration)
            {
                RequireConfirmationLocked(now + timings.ConfirmationTimeout);
            }

            return _isChecking ? StreamAction.None
                : _confirmationDeadline != long.MaxValue || now >= _recheckAt ? StreamAction.Check
                : now >= _ownerCheckAt ? StreamAction.CheckOwner
                : StreamAction.None;
        }
    }

    /// <summary>Begins a check, unless one is running, which then covers new requirements.</summary>
    public bool TryBeginCheck()
    {
        lock (_lock)
        {
            var begins = !_isChecking && !_isRetired;
            _isChecking |= begins;
            return begins;
        }
    }

    /// <summary>Begins a round of a check.</summary>
    /// <returns>The number of changes so far, and whether the key has to be read from the store.</returns>
    public (long Changes, bool IsRequired) BeginRound()
    {
        lock (_lock)
        {
            return (_changes, _confirmationDeadline != long.MaxValue);
        }
    }

    /// <summary>Completes a check of the key, unless the key changed meanwhile.</summary>
    /// <param name="changes">The number of changes when the round began.</param>
    /// <param name="startedAt">When the round began.</param>
    /// <param name="latest">The current key, or null if it was not found.</param>
    public bool TryConfirm(long changes, long startedAt, ApiKey? latest)
    {
        lock (_lock)
        {
            if (changes != _changes && !_isRetired)
            {
                return false;
            }

            _latest = latest ?? _latest;
            _isChecking = _hasFailed = false;
            _confirmationDeadline = long.MaxValue;
            _confirmedAt = startedAt;
            _recheckAt = startedAt + timings.Lifetime;
            _serveUntil = _recheckAt + timings.MaxStaleness;
            _nextExpiration = long.MaxValue;
            for (var stream = _first; stream is not null; stream = stream.Next)
            {
                _nextExpiration = Math.Min(_nextExpiration, stream.ExpiresAt);
            }

            ScheduleOwnerCheck(startedAt);
            ReleaseWaiters();
            return true;
        }
    }

    /// <summary>Completes a check of the owner, unless the key changed meanwhile.</summary>
    public bool TryConfirmOwner(long changes, long startedAt)
    {
        lock (_lock)
        {
            if (changes != _changes && !_isRetired)
            {
                return false;
            }

            _isChecking = false;
            ScheduleOwnerCheck(startedAt);
            return true;
        }
    }

    /// <summary>Completes a check that failed. A later sweep begins another one.</summary>
    public void RecordFailure(long now)
    {
        lock (_lock)
        {
            _isChecking = false;
            _hasFailed = true;
            _recheckAt = now + timings.RetryDelay;
        }
    }

    private bool IsRecentlyConfirmed(long now) => _confirmedAt != long.MinValue && now - _confirmedAt < timings.HalfLease;

    private void RequireConfirmationLocked(long deadline)
    {
        _changes++;
        _confirmationDeadline = Math.Min(_confirmationDeadline, deadline);
    }

    private void ScheduleOwnerCheck(long startedAt) =>
        _ownerCheckAt = _latest?.Kind == ApiKeyKinds.Personal ? startedAt + timings.HalfLease : long.MaxValue;

    private void ReleaseWaiters()
    {
        _confirmationSource?.TrySetResult();
        _confirmationSource = null;
    }
}
