namespace ApiKeyAuth.Usage;

/// <summary>Represents the last use of a scope by a key.</summary>
public sealed record ApiKeyScopeLastUse
{
    /// <summary>Gets the ID of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the scope as endpoints require it, 1 to 128 ASCII characters.</summary>
    public required string Scope { get; init; }

    /// <summary>Gets the time of the last request that needed the scope.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }
}
