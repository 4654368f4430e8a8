namespace ApiKeyAuth.Usage.History;

/// <summary>The requests of an hour or a day.</summary>
public sealed record ApiKeyUsageRow
{
    /// <summary>Its start.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How many.</summary>
    public required long Requests { get; init; }

    /// <summary>How many were answered with a status below 400.</summary>
    public required long Succeeded { get; init; }

    /// <summary>How many were not.</summary>
    public long Failed => Requests - Succeeded;
}
