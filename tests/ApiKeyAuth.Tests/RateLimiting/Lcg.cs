namespace ApiKeyAuth.Tests.RateLimiting;

/// <summary>A seeded stream of numbers, the same on every machine.</summary>
internal sealed class Lcg(ulong seed)
{
    private ulong _state = seed * 2 + 1;

    public ulong Next()
    {
        _state = _state * 6364136223846793005 + 1442695040888963407;
        return (_state >> 32) ^ (_state >> 11);
    }

    public long Below(long bound) => (long)(Next() % (ulong)bound);

    /// <summary>A gap of a Poisson stream with a mean.</summary>
    public double Exponential(double mean) => -mean * Math.Log((Below(1_000_000_000) + 1) / 1_000_000_001.0);
}
