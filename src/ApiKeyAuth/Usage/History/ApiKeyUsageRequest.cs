using System.Collections.ObjectModel;

namespace ApiKeyAuth.Usage.History;

/// <summary>Represents a request for a usage report.</summary>
public sealed record ApiKeyUsageRequest
{
    /// <summary>
    /// Gets the start of the time range, rounded down to the hour or day. The default is 7 days (by hour) or 30 days (by day) before <see
    /// cref="To"/>.
    /// </summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the end of the time range, exclusive. The default is the end of the current hour or day.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Gets the period: by hour, for at most 31 days, or by day, for at most 400 days. The default is by hour.</summary>
    public ApiKeyUsageGranularity Granularity { get; init; } = ApiKeyUsageGranularity.Hour;

    /// <summary>Gets the number of days after which a granted scope counts as unused, 0 to 3,660. The default is 30.</summary>
    public int UnusedDays { get; init; } = 30;

    /// <summary>Gets the parse errors by field, which are reported together with the other problems.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
