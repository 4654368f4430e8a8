namespace ApiKeyAuth.Usage.History;

/// <summary>The lengths of time by which a report counts.</summary>
public enum ApiKeyUsageGranularity
{
    /// <summary>By the hour; hours that were rolled up show as days.</summary>
    Hour,

    /// <summary>By the day, in UTC.</summary>
    Day,
}
