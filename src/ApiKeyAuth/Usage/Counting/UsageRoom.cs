namespace ApiKeyAuth.Usage;

/// <summary>How many rows wait in memory, and how many may.</summary>
internal sealed class UsageRoom(int most)
{
    private int _taken;

    public int Taken => Volatile.Read(ref _taken);

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Takes room for what is there already, in another form.</summary>
    public void Move(int rows) => Interlocked.Add(ref _taken, rows);

    public void Free(int rows) => Interlocked.Add(ref _taken, -rows);
}
