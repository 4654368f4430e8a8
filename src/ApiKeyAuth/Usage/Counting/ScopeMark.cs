namespace ApiKeyAuth.Usage;

/// <summary>When a key's scope was last needed, and what of that the store was told; its key's gate guards it.</summary>
/// <remarks>Whoever asks which scopes are unused counts in days, so the store is told once an hour at the most.</remarks>
internal sealed class ScopeMark(string scope) : ICountedOf<string>
{
    private long _last;
    private long _told = long.MinValue / 2;
    private bool _isIdle;

    public string Scope => scope;

    public bool IsOf(in string key) => scope == key;

    public void Note(long now)
    {
        _last = Math.Max(_last, now);
        _isIdle = false;
    }

    /// <summary>Takes the moment the store is to be told, or null for none yet.</summary>
    /// <param name="isOver">Whether it was not noted since the call before, so that it can go.</param>
    public DateTimeOffset? Take(out bool isOver)
    {
        isOver = _isIdle;
        _isIdle = true;
        if (_last == _told || (!isOver && _last - _told < TimeSpan.TicksPerHour))
        {
            return null;
        }

        _told = _last;
        return new DateTimeOffset(_last, TimeSpan.Zero);
    }
}
