using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ApiKeyAuth.Keys;

/// <summary>The SHA-256 of a whole secret as a value: what the cache looks keys up by, so that two secrets are told apart by all 32 bytes.</summary>
internal readonly struct ApiKeyDigest : IEquatable<ApiKeyDigest>
{
    // Drawn per process: callers choose secrets, and must not be able to choose ones that fall into one bucket.
    private static readonly ulong[] Multipliers = DrawMultipliers();

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private ApiKeyDigest(ReadOnlySpan<ulong> parts) => (_a, _b, _c, _d) = (parts[0], parts[1], parts[2], parts[3]);

    /// <summary>Hashes a well-formed secret.</summary>
    public static ApiKeyDigest Of(ReadOnlySpan<char> secret)
    {
        Span<ulong> parts = stackalloc ulong[4];
        ApiKeyHasher.ComputeDigest(secret, MemoryMarshal.AsBytes(parts));
        return new ApiKeyDigest(parts);
    }

    /// <summary>Gives the 32 bytes, from which a store's hashes are made.</summary>
    public byte[] ToArray()
    {
        ReadOnlySpan<ulong> parts = [_a, _b, _c, _d];
        return MemoryMarshal.AsBytes(parts).ToArray();
    }

    public bool Equals(ApiKeyDigest other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is ApiKeyDigest other && Equals(other);

    public override int GetHashCode()
    {
        var m = Multipliers;
        return (int)(((_a * m[0]) + (_b * m[1]) + (_c * m[2]) + (_d * m[3])) >> 32);
    }

    public override string ToString() => nameof(ApiKeyDigest);

    private static ulong[] DrawMultipliers()
    {
        var multipliers = new ulong[4];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(multipliers.AsSpan()));
        return Array.ConvertAll(multipliers, multiplier => multiplier | 1);
    }
}
