namespace ApiKeyAuth.Usage.History;

/// <summary>Represents the usage of a key in a time range, as of the last flush.</summary>
public sealed record ApiKeyUsageReport
{
    /// <summary>Gets the ID of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the start of the time range.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Gets the end of the time range.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Gets the period of the rows.</summary>
    public required ApiKeyUsageGranularity Granularity { get; init; }

    /// <summary>Gets the number of requests with a valid secret of the key.</summary>
    public long Requests => Rows.Sum(row => row.Requests);

    /// <summary>Gets the number of requests whose response had a status below 400.</summary>
    public long Succeeded => Rows.Sum(row => row.Succeeded);

    /// <summary>Gets the number of other requests.</summary>
    public long Failed => Requests - Succeeded;

    /// <summary>Gets the ratio of succeeded requests, 0 to 1, or <see langword="null"/> if there was none.</summary>
    public double? SuccessRate => Requests == 0 ? null : (double)Succeeded / Requests;

    /// <summary>Gets the time of the last use, regardless of the time range, or <see langword="null"/> if the key was never used.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Gets the hours or days with requests, earliest first.</summary>
    public required IReadOnlyList<ApiKeyUsageRow> Rows { get; init; }

    /// <summary>Gets the number of requests by country, largest first. The key is an empty string if the country is unknown.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> Countries { get; init; }

    /// <summary>Gets the number of rejected requests by error code, largest first.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> Rejections { get; init; }

    /// <summary>Gets the number of networks, as far as they were recorded separately.</summary>
    public required long NetworkCount { get; init; }

    /// <summary>
    /// Gets the granted scopes that no request needed within <see cref="UnusedDays"/>. A wildcard is used if any of its scopes is.
    /// </summary>
    public required IReadOnlyList<string> UnusedScopes { get; init; }

    /// <summary>Gets the number of days after which a scope counts as unused.</summary>
    public required int UnusedDays { get; init; }
}
