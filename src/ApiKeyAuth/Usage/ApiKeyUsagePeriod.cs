using ApiKeyAuth.Http;

namespace ApiKeyAuth.Usage;

/// <summary>Represents the requests of an hour or day with the same outcome.</summary>
public sealed record ApiKeyUsagePeriod
{
    /// <summary>Gets the start of the hour or day (UTC).</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Gets a value indicating whether the period is a day.</summary>
    public bool IsDay { get; init; }

    /// <summary>Gets the outcome: one of <see cref="ApiKeyUsageOutcomes"/> or <see cref="ApiKeyErrorCodes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Gets the number of requests.</summary>
    public required long Count { get; init; }
}
