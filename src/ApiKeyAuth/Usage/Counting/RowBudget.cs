namespace ApiKeyAuth.Usage.Counting;

/// <summary>How many rows wait in memory, and how many may.</summary>
internal sealed class RowBudget(int max)
{
    private int _used;

    public int Used => Volatile.Read(ref _used);

    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _used) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref _used);
        return false;
    }

    /// <summary>Takes room for what is there already, in another form.</summary>
    public void Reserve(int rows) => Interlocked.Add(ref _used, rows);

    public void Release(int rows) => Interlocked.Add(ref _used, -rows);
}
