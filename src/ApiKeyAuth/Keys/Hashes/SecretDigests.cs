namespace ApiKeyAuth.Keys.Hashes;

/// <summary>Represents what a lookup needs to know of a secret: its SHA-256 and its hashes by the algorithms of other systems.</summary>
internal sealed class SecretDigests(byte[] sha256, params ApiKeyHash[] legacy)
{
    public byte[] Sha256 { get; } = sha256;

    public ApiKeyHash[] Legacy { get; } = legacy;

    /// <summary>Gets the secret itself if it may have been hashed with a salt, or null.</summary>
    public PrefixedSecret? Prefixed { get; init; }
}
