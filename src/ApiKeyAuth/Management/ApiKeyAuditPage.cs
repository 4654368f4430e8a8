using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>A page of audit entries, newest first.</summary>
public sealed record ApiKeyAuditPage
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<ApiKeyAuditEntry> Entries { get; init; }

    /// <summary>What the next page is asked for with, or null on the last.</summary>
    public string? NextCursor { get; init; }
}
