namespace ApiKeyAuth.Management;

/// <summary>A key issued elsewhere, known by the SHA-256 of its secret.</summary>
public sealed record ImportedApiKey
{
    /// <summary>What the key is; its end may lie in the past.</summary>
    public required NewApiKey Key { get; init; }

    /// <summary>The SHA-256 of the whole secret, 32 bytes; with a current pepper it is stored peppered.</summary>
    public required ReadOnlyMemory<byte> Sha256 { get; init; }

    /// <summary>The id it had, or null for a new one.</summary>
    public string? Id { get; init; }

    /// <summary>When it was made, or null for now.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The last characters of its secret, at most 8, or empty.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Names the id only.</summary>
    public override string ToString() => $"ImportedApiKey {Id}";
}
