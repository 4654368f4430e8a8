namespace ApiKeyAuth.Management;

/// <summary>Represents a key that was issued elsewhere, identified by the SHA-256 of its secret.</summary>
public sealed record ImportedApiKey
{
    /// <summary>Gets the values of the key. Its expiration may be in the past.</summary>
    public required NewApiKey Key { get; init; }

    /// <summary>Gets the SHA-256 of the whole secret, 32 bytes. If there is a current pepper, the stored hash is peppered.</summary>
    public required ReadOnlyMemory<byte> Sha256 { get; init; }

    /// <summary>Gets the existing ID, or null for a new one.</summary>
    public string? Id { get; init; }

    /// <summary>Gets when the key was created, or null for now.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets the last characters of the secret, at most 8. The default is an empty string.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Returns the ID only.</summary>
    public override string ToString() => $"ImportedApiKey {Id}";
}
