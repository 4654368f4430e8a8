namespace ApiKeyAuth.Usage;

/// <summary>Represents the usage history of a key in a time range.</summary>
public sealed record ApiKeyUsageHistory
{
    /// <summary>Gets the requests by hour or day and outcome, earliest first.</summary>
    public required IReadOnlyList<ApiKeyUsagePeriod> Periods { get; init; }

    /// <summary>Gets the number of requests by country. The key is an empty string if the country is unknown.</summary>
    public required IReadOnlyDictionary<string, long> Countries { get; init; }

    /// <summary>Gets the number of networks, as far as they were recorded separately.</summary>
    public required long NetworkCount { get; init; }

    /// <summary>Gets the time of the last use of each scope, regardless of the time range.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> Scopes { get; init; }

    /// <summary>
    /// Gets the time of the last use of the key, regardless of the time range, or <see langword="null"/> if it was never used. A store
    /// reads it with or after the periods, so that it is never earlier than their requests.
    /// </summary>
    public required DateTimeOffset? LastUsedAt { get; init; }
}
