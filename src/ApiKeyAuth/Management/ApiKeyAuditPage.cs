using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Represents a page of audit entries, newest first.</summary>
public sealed record ApiKeyAuditPage
{
    /// <summary>Gets the entries.</summary>
    public required IReadOnlyList<ApiKeyAuditEntry> Entries { get; init; }

    /// <summary>Gets the cursor of the next page, or null on the last page.</summary>
    public string? NextCursor { get; init; }
}
