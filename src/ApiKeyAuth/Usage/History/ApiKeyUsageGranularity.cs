namespace ApiKeyAuth.Usage.History;

/// <summary>Defines the periods by which a usage report counts.</summary>
public enum ApiKeyUsageGranularity
{
    /// <summary>By hour. Hours that were combined are reported as days.</summary>
    Hour,

    /// <summary>By day, in UTC.</summary>
    Day,
}
