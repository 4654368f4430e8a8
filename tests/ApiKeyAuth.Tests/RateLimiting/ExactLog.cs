namespace ApiKeyAuth.Tests.RateLimiting;

/// <summary>The reference: every charge with its time. Its clock stands where the last charge was, and only a charge forgets.</summary>
internal sealed class ExactLog(long windowTicks)
{
    private readonly Queue<(long At, long Cost)> _charges = new();
    private long _last;
    private long _used;

    public bool Admits(long now, long cost, long permits)
    {
        now = Math.Max(now, _last);
        var used = _used;
        foreach (var (at, spent) in _charges)
        {
            if (now - at < windowTicks || used + cost <= permits)
            {
                break;
            }

            used -= spent;
        }

        return cost == 0 || used + cost <= permits;
    }

    public void Charge(long now, long cost)
    {
        _last = Math.Max(now, _last);
        while (_charges.TryPeek(out var oldest) && _last - oldest.At >= windowTicks)
        {
            _used -= _charges.Dequeue().Cost;
        }

        _charges.Enqueue((_last, cost));
        _used += cost;
    }
}
