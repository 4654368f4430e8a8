using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching;

/// <summary>Represents the cache's identification of a secret: its MAC under a random key that never leaves the process.</summary>
/// <remarks>
/// Without that key, a text that has the same tag as a secret is found only by chance, with a probability of 2^-128 for each guess and
/// cached key. Equal tags are therefore treated as equal secrets, and an attacker cannot choose secrets that share a bucket. A tag in the
/// memory of the process does not reveal the secret.
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

    /// <summary>
    /// Computes the tag without AES instructions: half of the SHA-256 of the key and the secret's SHA-256. Half a hash cannot be extended.
    /// </summary>
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
