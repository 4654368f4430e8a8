using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Represents the result of a revocation.</summary>
public sealed class RevokedApiKey
{
    internal RevokedApiKey(ApiKey key, int count)
    {
        Key = key;
        RevokedCount = count;
    }

    /// <summary>Gets the stored key.</summary>
    public ApiKey Key { get; }

    /// <summary>Gets the number of keys that the call revoked. Keys that were already revoked do not count.</summary>
    public int RevokedCount { get; }

    /// <summary>Returns the ID of the key only.</summary>
    public override string ToString() => $"RevokedApiKey {Key.Id}";
}
