namespace ApiKeyAuth.Tests.TestHost;

/// <summary>Represents a random number generator with a seed (SplitMix64), whose numbers are the same on every machine.</summary>
internal sealed class SeededRandom(long seed)
{
    private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15;

    public int Next(int below) => (int)(NextUnit() * below);

    public int Next(int min, int below) => min + Next(below - min);

    public long Next(long below) => (long)(NextUnit() * below);

    /// <summary>Returns a gap of a Poisson process.</summary>
    public double NextExponential(double mean) => -mean * Math.Log(1 - NextUnit());

    /// <summary>Returns a number from 0 to less than 1.</summary>
    public double NextUnit()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
