using System.Collections.ObjectModel;

namespace ApiKeyAuth.Management;

/// <summary>Which audit entries a caller wants to see.</summary>
public sealed record ApiKeyAuditListRequest
{
    /// <summary>The key, also one that is deleted, or null for any.</summary>
    public string? KeyId { get; init; }

    /// <summary>Entries from this moment on, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Entries before this moment, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>How many entries a page holds at the most, 1 to 1,000; 100 by default.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Where the page before ended, as it said, or null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>What could not be read of it, by field; told with all that is wrong otherwise.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
