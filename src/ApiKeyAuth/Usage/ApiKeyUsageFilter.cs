namespace ApiKeyAuth.Usage;

/// <summary>Which part of a key's history to read.</summary>
public sealed record ApiKeyUsageFilter
{
    /// <summary>The key.</summary>
    public required string KeyId { get; init; }

    /// <summary>The first moment; what began before it is left out.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The end; what begins at it or later is left out.</summary>
    public required DateTimeOffset To { get; init; }
}
