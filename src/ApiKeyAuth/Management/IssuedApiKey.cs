using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Represents a key with its new secret, which cannot be retrieved later.</summary>
public sealed class IssuedApiKey
{
    internal IssuedApiKey(ApiKey key, string secret)
    {
        Key = key;
        Secret = secret;
    }

    /// <summary>Gets the stored key.</summary>
    public ApiKey Key { get; }

    /// <summary>Gets the secret. Deliver it to its holder, and never log it.</summary>
    public string Secret { get; }

    /// <summary>Returns the ID of the key only.</summary>
    public override string ToString() => $"IssuedApiKey {Key.Id}";
}
