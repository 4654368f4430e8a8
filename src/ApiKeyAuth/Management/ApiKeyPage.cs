using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Management;

/// <summary>Represents a page of keys in the order of the request.</summary>
public sealed record ApiKeyPage
{
    /// <summary>Gets the keys.</summary>
    public required IReadOnlyList<ApiKey> Keys { get; init; }

    /// <summary>Gets the cursor of the next page, or null on the last page and in another order than newest first.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Gets the number of all matching keys if it was requested.</summary>
    public long? Total { get; init; }

    /// <summary>
    /// Gets the requests of the keys by hour or day and outcome, earliest first, by key ID and as of the last flush. It is null if they
    /// were not requested or the store does not count usage. Keys without requests are omitted.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>? Usage { get; init; }

    /// <summary>
    /// Gets the number of all matching keys whose hash is still that of another system, if the total was requested and the app has
    /// <c>HashAlgorithms</c>.
    /// </summary>
    public long? LegacyHashCount { get; init; }
}
