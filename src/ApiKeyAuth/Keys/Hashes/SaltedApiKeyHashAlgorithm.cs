using System.Security.Cryptography;
using System.Text;

namespace ApiKeyAuth.Keys.Hashes;

/// <summary>
/// Represents an algorithm of another system whose hashes have a salt, such as PBKDF2, bcrypt or Argon2. A key is found by its prefix and
/// is then verified.
/// </summary>
/// <remarks>
/// Such hashes are slow. A key is verified until the background service has replaced its hash by that of the app, and each node verifies at
/// most two keys at a time; further keys are answered with 503. The store must implement <see cref="Stores.IPrefixApiKeyStore"/>.
/// Instances must be thread-safe.
/// </remarks>
public abstract class SaltedApiKeyHashAlgorithm : IApiKeyHashAlgorithm
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Finds the part of a key that the other system stores in plain text.</summary>
    /// <param name="key">The whole key as the caller sent it, at most 512 ASCII characters.</param>
    /// <returns>The prefix, 1 to 64 printable ASCII characters, or null if the text cannot be a key of the other system.</returns>
    public abstract string? FindPrefix(ReadOnlySpan<char> key);

    /// <summary>Finds the prefix of the key in a hash as it is imported, which is the text that <see cref="Verify"/> gets.</summary>
    /// <param name="hash">The hash, in any form that holds the prefix, the salt and the parameters.</param>
    /// <returns>
    /// The prefix, which is the same as <see cref="FindPrefix"/> finds in the key, or null if the text is not a hash of this algorithm or
    /// its parameters would take too long.
    /// </returns>
    public abstract string? FindHashPrefix(ReadOnlySpan<char> hash);

    /// <summary>Verifies a key. Compare the hashes in constant time.</summary>
    /// <param name="key">The whole key as the caller sent it.</param>
    /// <param name="hash">A hash, for which <see cref="FindHashPrefix"/> returned the prefix of the key.</param>
    /// <returns><see langword="true"/> if the hash is that of the key.</returns>
    public abstract bool Verify(ReadOnlySpan<char> key, string hash);

    /// <summary>Returns false, because the hash of a key depends on the salt.</summary>
    bool IApiKeyHashAlgorithm.TryComputeHash(ReadOnlySpan<char> key, Span<byte> hash) => false;

    /// <summary>Computes the digest by which a store identifies the salted hash. A lookup by a key never finds it.</summary>
    bool IApiKeyHashAlgorithm.TryReadHash(ReadOnlySpan<char> text, Span<byte> hash) =>
        ReadHash(text) is not null && SHA256.TryHashData(Encoding.ASCII.GetBytes(text.ToArray()), hash, out _);

    /// <summary>Reads a hash as it is imported, or returns null if it is not a hash of this algorithm.</summary>
    internal ApiKeySaltedHash? ReadHash(ReadOnlySpan<char> text) =>
        ApiKeySaltedHash.IsValid(text, ApiKeySaltedHash.MaxTextLength)
        && FindHashPrefix(text) is { } prefix
        && ApiKeySaltedHash.IsValid(prefix, ApiKeySaltedHash.MaxPrefixLength)
            ? new ApiKeySaltedHash(prefix, text.ToString())
            : null;
}
