namespace ApiKeyAuth.Conformance.Limiters;

/// <summary>Generates pseudo-random numbers from a seed, which are the same on every machine.</summary>
internal sealed class Lcg(ulong seed)
{
    private ulong _state = seed * 2 + 1;

    public long Below(long bound)
    {
        _state = _state * 6364136223846793005 + 1442695040888963407;
        return (long)((_state >> 33) % (ulong)bound);
    }
}
