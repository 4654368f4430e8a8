using ApiKeyAuth.Http;

namespace ApiKeyAuth.Usage;

/// <summary>Requests of an hour, or of a day once its hours were rolled up, that ended alike.</summary>
public sealed record ApiKeyUsagePeriod
{
    /// <summary>The start of the hour or day (UTC).</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Whether it is a day.</summary>
    public bool IsDay { get; init; }

    /// <summary>How they ended: one of <see cref="ApiKeyUsageOutcomes"/> or of <see cref="ApiKeyErrorCodes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>How many.</summary>
    public required long Count { get; init; }
}
