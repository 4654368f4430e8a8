namespace ApiKeyAuth.Keys.Hashes;

/// <summary>Defines how another system hashed the keys that it issued, so that its keys are accepted without their plain text.</summary>
/// <remarks>
/// A key is found by this hash until its first use. Then the hash is replaced, in the background, by that of the app, so that the
/// algorithm is no longer needed for this key. The hash must be the same for the same key, without a salt, and fast, because it is computed
/// for every key that is not cached. Keys must therefore have at least 112 random bits (NIST SP 800-63B §5.1.2.2). For hashes with a salt,
/// derive from <see cref="SaltedApiKeyHashAlgorithm"/>.
/// </remarks>
public interface IApiKeyHashAlgorithm
{
    /// <summary>
    /// Gets the name, which is stored with every hash: 1 to 32 of the characters <c>a-z 0-9 -</c>. Never change it.
    /// </summary>
    string Name { get; }

    /// <summary>Computes the hash of a key.</summary>
    /// <param name="key">The whole key as the caller sent it, at most 512 ASCII characters.</param>
    /// <param name="hash">The buffer for the hash, 32 bytes.</param>
    /// <returns><see langword="true"/> if the text can be a key of the other system.</returns>
    bool TryComputeHash(ReadOnlySpan<char> key, Span<byte> hash);

    /// <summary>Reads a hash as the other system stores it.</summary>
    /// <param name="text">The stored hash.</param>
    /// <param name="hash">The buffer for the hash, 32 bytes: the same as <see cref="TryComputeHash"/> computes from the key.</param>
    /// <returns><see langword="true"/> if the text is a hash of this algorithm.</returns>
    bool TryReadHash(ReadOnlySpan<char> text, Span<byte> hash);
}
