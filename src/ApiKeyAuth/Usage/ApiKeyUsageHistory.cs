namespace ApiKeyAuth.Usage;

/// <summary>The history of a key in a span of time.</summary>
public sealed record ApiKeyUsageHistory
{
    /// <summary>The requests by hour or day and outcome, earliest first.</summary>
    public required IReadOnlyList<ApiKeyUsagePeriod> Periods { get; init; }

    /// <summary>The requests by country; empty text where it is not known.</summary>
    public required IReadOnlyDictionary<string, long> Countries { get; init; }

    /// <summary>How many networks they came from, as far as these were kept apart.</summary>
    public required long NetworkCount { get; init; }

    /// <summary>When each scope was last needed, whatever the span.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> Scopes { get; init; }
}
