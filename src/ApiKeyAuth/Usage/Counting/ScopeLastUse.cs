namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents the last use of a scope and the time that was last written to the store. The lock of the key protects it.</summary>
/// <remarks>Unused scopes are reported by days, so the store is updated at most once an hour.</remarks>
internal sealed class ScopeLastUse(string scope) : IKeyed<string>
{
    private long _lastUsedAt;
    private long _storedAt = long.MinValue / 2;
    private bool _isIdle;

    public string Scope => scope;

    public bool HasKey(in string key) => scope == key;

    public void Record(long now)
    {
        _lastUsedAt = Math.Max(_lastUsedAt, now);
        _isIdle = false;
    }

    /// <summary>Takes the time to write to the store, or <see langword="null"/> if an update is not due.</summary>
    /// <param name="isIdle">Whether the scope was not used since the last call, so that the entry can be removed.</param>
    public DateTimeOffset? TakeIfDue(out bool isIdle)
    {
        isIdle = _isIdle;
        _isIdle = true;
        if (_lastUsedAt == _storedAt || (!isIdle && _lastUsedAt - _storedAt < TimeSpan.TicksPerHour))
        {
            return null;
        }

        _storedAt = _lastUsedAt;
        return new DateTimeOffset(_lastUsedAt, TimeSpan.Zero);
    }
}
