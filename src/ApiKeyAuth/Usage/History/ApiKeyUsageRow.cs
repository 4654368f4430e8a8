using System.Collections.ObjectModel;

namespace ApiKeyAuth.Usage.History;

/// <summary>Represents the requests of an hour or a day.</summary>
public sealed record ApiKeyUsageRow
{
    /// <summary>Gets the start of the hour or day.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Gets the end of the hour or day.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Gets the number of requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Gets the number of requests whose response had a status below 400.</summary>
    public required long Succeeded { get; init; }

    /// <summary>Gets the number of other requests.</summary>
    public long Failed => Requests - Succeeded;

    /// <summary>
    /// Gets the number of requests by outcome: one of <see cref="ApiKeyUsageOutcomes"/> or <see cref="Http.ApiKeyErrorCodes"/>.
    /// </summary>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = ReadOnlyDictionary<string, long>.Empty;
}
