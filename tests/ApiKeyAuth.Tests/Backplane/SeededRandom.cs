namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents a random number generator with a seed (SplitMix64).</summary>
internal sealed class SeededRandom(int seed)
{
    private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15;

    public int Next(int below) => (int)(NextUnit() * below);

    public int Next(int min, int below) => min + Next(below - min);

    /// <summary>Returns a number from 0 to less than 1.</summary>
    public double NextUnit()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
