using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>Represents a stored hash of another system and the hash that replaces it.</summary>
internal sealed class HashUpgrade(string keyId, ApiKeyHash hash, ApiKeyHash replacement)
{
    public string KeyId { get; } = keyId;

    public ApiKeyHash Hash { get; } = hash;

    public ApiKeyHash Replacement { get; } = replacement;
}
