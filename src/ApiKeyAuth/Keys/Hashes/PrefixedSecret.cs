namespace ApiKeyAuth.Keys.Hashes;

/// <summary>Represents a secret that may have been hashed with a salt, and its prefixes by the algorithms that may have done so.</summary>
internal sealed class PrefixedSecret(string secret, IReadOnlyList<(SaltedApiKeyHashAlgorithm Algorithm, string Prefix)> algorithms)
{
    /// <summary>Gets the different prefixes.</summary>
    public IReadOnlyList<string> Prefixes { get; } = [.. algorithms.Select(each => each.Prefix).Distinct(StringComparer.Ordinal)];

    /// <summary>Determines whether the secret may be one of a key, without computing a hash.</summary>
    public bool IsCandidate(ApiKeySecret stored) => FindAlgorithm(stored) is not null;

    /// <summary>Computes the hash of the secret and compares it, which takes long.</summary>
    public bool Verify(ApiKeySecret stored) => FindAlgorithm(stored)?.Verify(secret, stored.SaltedHash!.Text) == true;

    private SaltedApiKeyHashAlgorithm? FindAlgorithm(ApiKeySecret stored) => algorithms.FirstOrDefault(each =>
        stored.SaltedHash?.Prefix == each.Prefix && stored.Hash.Algorithm == each.Algorithm.Name).Algorithm;
}
