using System.Collections.ObjectModel;

namespace ApiKeyAuth.Usage.History;

/// <summary>What a caller wants to know of a key's use.</summary>
public sealed record ApiKeyUsageRequest
{
    /// <summary>The first moment, in the hour or day that holds it; null for 7 days, or 30 by the day, before <see cref="To"/>.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The end, which is left out; null for the end of the current hour or day.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether to count by hour, over 31 days at the most, or by day, over 400.</summary>
    public ApiKeyUsageGranularity Granularity { get; init; } = ApiKeyUsageGranularity.Hour;

    /// <summary>For how many days a granted scope was not needed to be called unused, 0 to 3,660; 30 by default.</summary>
    public int UnusedDays { get; init; } = 30;

    /// <summary>What could not be read of it, by field; told with all that is wrong otherwise.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
