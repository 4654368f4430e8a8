namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents the number of rows in memory and its maximum.</summary>
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

    /// <summary>Takes rows that already count in another form, regardless of the maximum.</summary>
    public void Reserve(int rows) => Interlocked.Add(ref _used, rows);

    public void Release(int rows) => Interlocked.Add(ref _used, -rows);
}
