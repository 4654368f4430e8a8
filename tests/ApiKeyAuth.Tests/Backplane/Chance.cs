namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Numbers that a seed decides (SplitMix64).</summary>
internal sealed class Chance(int seed)
{
    private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15;

    public int Next(int below) => (int)(NextUnit() * below);

    public int Next(int least, int below) => least + Next(below - least);

    /// <summary>A number from 0 to below 1.</summary>
    public double NextUnit()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
