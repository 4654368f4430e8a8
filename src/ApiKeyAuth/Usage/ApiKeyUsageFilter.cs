namespace ApiKeyAuth.Usage;

/// <summary>Represents a filter of a key's usage history.</summary>
public sealed record ApiKeyUsageFilter
{
    /// <summary>Gets the ID of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the start of the time range, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Gets the end of the time range, exclusive.</summary>
    public required DateTimeOffset To { get; init; }
}
