using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Connections;

/// <summary>Represents the open connections of one key, and what is known of the key since they were opened.</summary>
/// <remarks>Times are the clock's timestamps; a deadline of <see cref="long.MaxValue"/> is none.</remarks>
internal sealed class KeyStreams(string keyId, OpenStreams owner, StreamTimes times)
{
    private readonly Lock _gate = new();
    private OpenStream? _first;
    private ApiKey? _latest;
    private TaskCompletionSource? _settled;
    private bool _isRetired;
    private bool _isChecking;
    private bool _hasFailed;
    private long _changes;
    private long _confirmBy = long.MaxValue;
    private long _confirmedAt = long.MinValue;
    private long _recheckAt = long.MaxValue;
    private long _serveUntil = long.MaxValue;
    private long _ownerAt = long.MaxValue;
    private long _nextExpiry = long.MaxValue;

    public string KeyId { get; } = keyId;

    /// <summary>Gets the open connections of all keys.</summary>
    public OpenStreams Owner { get; } = owner;

    /// <summary>Gets the key as it was last read.</summary>
    public ApiKey Latest => Volatile.Read(ref _latest)!;

    /// <summary>Adds a connection.</summary>
    /// <returns>False if the last connection was removed meanwhile, and this object with it.</returns>
    public bool TryAdd(OpenStream stream, long now)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }

            var key = stream.Verified.Key;
            _latest = _latest is null || key.Version >= _latest.Version ? key : _latest;
            _ownerAt = key.Kind == ApiKeyKinds.Personal ? Math.Min(_ownerAt, now + times.HalfLease) : _ownerAt;
            stream.ExpiresAt = StreamRules.Expiry(key, stream.Verified.Secret);
            _nextExpiry = Math.Min(_nextExpiry, stream.ExpiresAt);
            stream.Key = this;
            stream.Next = _first;
            _first?.Previous = stream;
            _first = stream;
            return true;
        }
    }

    /// <summary>Removes a connection, once.</summary>
    /// <returns>Whether it was the last one.</returns>
    public bool Remove(OpenStream stream)
    {
        lock (_gate)
        {
            if (stream.Key != this)
            {
                return false;
            }

            stream.Key = null;
            stream.Previous?.Next = stream.Next;
            stream.Next?.Previous = stream.Previous;
            _first = _first == stream ? stream.Next : _first;
            stream.Previous = stream.Next = null;
            _isRetired = _first is null;
            if (_isRetired)
            {
                Settle();
            }

            return _isRetired;
        }
    }

    /// <summary>Gets the connections there are now.</summary>
    public List<OpenStream> Snapshot()
    {
        var streams = new List<OpenStream>();
        lock (_gate)
        {
            for (var stream = _first; stream is not null; stream = stream.Next)
            {
                streams.Add(stream);
            }
        }

        return streams;
    }

    /// <summary>Notes that the cache holds the record with which a connection was opened.</summary>
    public void Keep(long freshUntil, long serveUntil)
    {
        lock (_gate)
        {
            _recheckAt = Math.Min(_recheckAt, freshUntil - times.SweepTicks);
            _serveUntil = Math.Min(_serveUntil, serveUntil);
        }
    }

    /// <summary>Requires that the key is read from the store by a deadline; connections that are not confirmed by then end.</summary>
    public void Require(long by)
    {
        lock (_gate)
        {
            RequireLocked(by);
        }
    }

    /// <summary>Determines whether the key was confirmed since it last changed and, without the lease, recently.</summary>
    public bool IsConfirmed(long now, bool isHeld)
    {
        lock (_gate)
        {
            return _confirmBy == long.MaxValue && (isHeld || IsRecent(now));
        }
    }

    /// <summary>Waits until the key is confirmed, or its last connection has closed.</summary>
    public Task WaitAsync()
    {
        lock (_gate)
        {
            return _confirmBy == long.MaxValue || _isRetired
                ? Task.CompletedTask
                : (_settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Decides what is due.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="utcTicks">The time, in UTC ticks.</param>
    /// <param name="isHeld">Whether this node holds its lease.</param>
    public StreamWork Due(long now, long utcTicks, bool isHeld)
    {
        lock (_gate)
        {
            if (now >= _confirmBy || (_hasFailed && now >= _serveUntil))
            {
                return StreamWork.End;
            }

            if (_confirmBy == long.MaxValue && !isHeld && !IsRecent(now))
            {
                RequireLocked(now + times.HalfLease);
            }

            if (_confirmBy == long.MaxValue && utcTicks >= _nextExpiry)
            {
                RequireLocked(now + times.Patience);
            }

            return _isChecking ? StreamWork.None
                : _confirmBy != long.MaxValue || now >= _recheckAt ? StreamWork.Check
                : now >= _ownerAt ? StreamWork.CheckOwner
                : StreamWork.None;
        }
    }

    /// <summary>Begins a check, unless one is running, which then covers what was required meanwhile.</summary>
    public bool TryBeginCheck()
    {
        lock (_gate)
        {
            var begins = !_isChecking && !_isRetired;
            _isChecking |= begins;
            return begins;
        }
    }

    /// <summary>Begins a round of a check.</summary>
    /// <returns>The number of changes so far, and whether the key is to be read from the store.</returns>
    public (long Changes, bool IsRequired) BeginRound()
    {
        lock (_gate)
        {
            return (_changes, _confirmBy != long.MaxValue);
        }
    }

    /// <summary>Ends a check of the whole key whose findings were applied, unless the key changed meanwhile.</summary>
    /// <param name="changes">The number of changes when the round began.</param>
    /// <param name="startedAt">When the round began.</param>
    /// <param name="latest">The key as it was read, or null if it was not found.</param>
    public bool TryConfirm(long changes, long startedAt, ApiKey? latest)
    {
        lock (_gate)
        {
            if (changes != _changes && !_isRetired)
            {
                return false;
            }

            _latest = latest ?? _latest;
            _isChecking = _hasFailed = false;
            _confirmBy = long.MaxValue;
            _confirmedAt = startedAt;
            _recheckAt = startedAt + times.Lifetime;
            _serveUntil = _recheckAt + times.MaxStaleness;
            _nextExpiry = long.MaxValue;
            for (var stream = _first; stream is not null; stream = stream.Next)
            {
                _nextExpiry = Math.Min(_nextExpiry, stream.ExpiresAt);
            }

            NextOwnerCheck(startedAt);
            Settle();
            return true;
        }
    }

    /// <summary>Ends a check of the owner alone, unless the whole key is to be read meanwhile.</summary>
    public bool TryConfirmOwner(long changes, long startedAt)
    {
        lock (_gate)
        {
            if (changes != _changes && !_isRetired)
            {
                return false;
            }

            _isChecking = false;
            NextOwnerCheck(startedAt);
            return true;
        }
    }

    /// <summary>Ends a check that got no answer; a later sweep begins another.</summary>
    public void Fail(long now)
    {
        lock (_gate)
        {
            _isChecking = false;
            _hasFailed = true;
            _recheckAt = now + times.Retry;
        }
    }

    private bool IsRecent(long now) => _confirmedAt != long.MinValue && now - _confirmedAt < times.HalfLease;

    private void RequireLocked(long by)
    {
        _changes++;
        _confirmBy = Math.Min(_confirmBy, by);
    }

    private void NextOwnerCheck(long startedAt) =>
        _ownerAt = _latest?.Kind == ApiKeyKinds.Personal ? startedAt + times.HalfLease : long.MaxValue;

    private void Settle()
    {
        _settled?.TrySetResult();
        _settled = null;
    }
}
