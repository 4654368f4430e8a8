using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Which keys a caller wants to see.</summary>
public sealed record ApiKeyListRequest
{
    /// <summary>The owner, or null for any.</summary>
    public string? OwnerId { get; init; }

    /// <summary>The environment, or null for any.</summary>
    public string? Environment { get; init; }

    /// <summary>The status now, or null for any.</summary>
    public ApiKeyStatus? Status { get; init; }

    /// <summary>A part of the name, in upper and lower case as it stands, or null for any.</summary>
    public string? Name { get; init; }

    /// <summary>Lists only keys that were not used, and not made, in the last so many days, 0 to 3,660; null for any.</summary>
    public int? UnusedDays { get; init; }

    /// <summary>How many keys a page holds at the most, 1 to 1,000; 100 by default.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Where the page before ended, as it said, or null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether to count all keys that match; it costs the store a count.</summary>
    public bool IncludeTotal { get; init; }

    /// <summary>What could not be read of it, by field; told with all that is wrong otherwise.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
}
