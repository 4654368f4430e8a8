using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>A page of keys, newest first.</summary>
public sealed record ApiKeyPage
{
    /// <summary>The keys.</summary>
    public required IReadOnlyList<ApiKey> Keys { get; init; }

    /// <summary>What the next page is asked for with, or null on the last.</summary>
    public string? NextCursor { get; init; }

    /// <summary>How many keys match in all, where that was asked.</summary>
    public long? Total { get; init; }
}
