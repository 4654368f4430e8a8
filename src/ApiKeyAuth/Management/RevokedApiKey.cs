using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Represents the outcome of a revocation.</summary>
public sealed class RevokedApiKey
{
    internal RevokedApiKey(ApiKey key, int count)
    {
        Key = key;
        RevokedCount = count;
    }

    /// <summary>Gets the key as it is stored now.</summary>
    public ApiKey Key { get; }

    /// <summary>Gets how many keys the call revoked. Keys that were revoked before do not count.</summary>
    public int RevokedCount { get; }

    /// <summary>Returns the ID of the key only.</summary>
    public override string ToString() => $"RevokedApiKey {Key.Id}";
}
