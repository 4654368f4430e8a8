namespace ApiKeyAuth.Usage;

/// <summary>A scope that requests with a key needed.</summary>
public sealed record ApiKeyScopeLastUse
{
    /// <summary>The key.</summary>
    public required string KeyId { get; init; }

    /// <summary>The scope as endpoints require it, 1 to 128 characters of ASCII.</summary>
    public required string Scope { get; init; }

    /// <summary>When one last needed it.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }
}
