namespace ApiKeyAuth.Usage.History;

/// <summary>How a key was used in a span of time, as of the last flush.</summary>
public sealed record ApiKeyUsageReport
{
    /// <summary>The key.</summary>
    public required string KeyId { get; init; }

    /// <summary>The start of the span.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The end of the span.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Whether the rows are hours or days.</summary>
    public required ApiKeyUsageGranularity Granularity { get; init; }

    /// <summary>How many requests were made with the key's proven secret.</summary>
    public long Requests => Rows.Sum(row => row.Requests);

    /// <summary>How many of them were answered with a status below 400.</summary>
    public long Succeeded => Rows.Sum(row => row.Succeeded);

    /// <summary>How many were not.</summary>
    public long Failed => Requests - Succeeded;

    /// <summary>The part that succeeded, 0 to 1, or null where there was no request.</summary>
    public double? SuccessRate => Requests == 0 ? null : (double)Succeeded / Requests;

    /// <summary>When the key was last used, whatever the span, or null for never.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The hours or days with requests, earliest first.</summary>
    public required IReadOnlyList<ApiKeyUsageRow> Rows { get; init; }

    /// <summary>The requests by country, most first; empty text where it is not known.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> Countries { get; init; }

    /// <summary>The refused requests by code, most first.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> Rejections { get; init; }

    /// <summary>How many networks the requests came from, as far as these are kept apart.</summary>
    public required long NetworkCount { get; init; }

    /// <summary>The scopes the key is granted that no request needed within <see cref="UnusedDays"/>; a wildcard is needed where any scope under it is.</summary>
    public required IReadOnlyList<string> UnusedScopes { get; init; }

    /// <summary>For how many days unused scopes were not needed.</summary>
    public required int UnusedDays { get; init; }
}
