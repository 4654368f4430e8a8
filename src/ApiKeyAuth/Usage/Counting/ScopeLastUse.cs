namespace ApiKeyAuth.Usage.Counting;

/// <summary>When a key's scope was last needed, and what of that the store was told; its key's gate guards it.</summary>
/// <remarks>Whoever asks which scopes are unused counts in days, so the store is told once an hour at the most.</remarks>
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

    /// <summary>Takes the moment the store is to be told, or null for none yet.</summary>
    /// <param name="isIdle">Whether it was not noted since the call before, so that it can go.</param>
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
