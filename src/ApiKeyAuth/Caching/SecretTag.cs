using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching;

/// <summary>What the cache knows a secret by: its MAC under a key that was drawn when the process started and leaves it nowhere.</summary>
/// <remarks>
/// Who does not hold that key cannot find a text whose tag is a key's but by chance, 2^-128 for each guess and key at hand, so equal tags are taken
/// for equal secrets; nor can he choose secrets that fall into one bucket. Who reads the process's memory cannot go back from a tag to a secret.
/// </remarks>
internal readonly struct SecretTag : IEquatable<SecretTag>
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(AesMac.Length);
    private static readonly AesMac? Mac = AesMac.IsSupported ? new AesMac(Key) : null;

    private readonly ulong _low;
    private readonly ulong _high;

    private SecretTag(ulong low, ulong high) => (_low, _high) = (low, high);

    /// <summary>Computes the tag of a well-formed secret.</summary>
    /// <exception cref="ArgumentException">The secret is not ASCII.</exception>
    public static SecretTag Compute(ReadOnlySpan<char> secret)
    {
        if (Mac is null)
        {
            return ComputeWithSha256(secret, Key);
        }

        var tag = Mac.Compute(secret).AsUInt64();
        return new SecretTag(tag[0], tag[1]);
    }

    /// <summary>Computes the tag where the processor has no AES: half of the SHA-256 of the key and the secret's SHA-256, of which nothing can be continued.</summary>
    public static SecretTag ComputeWithSha256(ReadOnlySpan<char> secret, ReadOnlySpan<byte> key)
    {
        Span<byte> keyed = stackalloc byte[AesMac.Length + ApiKeyHash.Length];
        key.CopyTo(keyed);
        ApiKeyHasher.ComputeDigest(secret, keyed[AesMac.Length..]);
        Span<ulong> tag = stackalloc ulong[ApiKeyHash.Length / sizeof(ulong)];
        SHA256.HashData(keyed, MemoryMarshal.AsBytes(tag));
        return new SecretTag(tag[0], tag[1]);
    }

    public bool Equals(SecretTag other) => _low == other._low && _high == other._high;

    public override bool Equals(object? obj) => obj is SecretTag other && Equals(other);

    public override int GetHashCode() => (int)_low;

    public override string ToString() => nameof(SecretTag);
}
