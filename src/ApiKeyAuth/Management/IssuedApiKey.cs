using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>A key with its new secret, which is shown this once and kept nowhere.</summary>
public sealed class IssuedApiKey
{
    internal IssuedApiKey(ApiKey key, string secret)
    {
        Key = key;
        Secret = secret;
    }

    /// <summary>The key as it was stored.</summary>
    public ApiKey Key { get; }

    /// <summary>The secret. Hand it to its holder, and never to a log.</summary>
    public string Secret { get; }

    /// <summary>Names the id only.</summary>
    public override string ToString() => $"IssuedApiKey {Key.Id}";
}
