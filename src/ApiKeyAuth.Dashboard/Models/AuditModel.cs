using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents a page of the audit entries.</summary>
internal sealed record AuditModel(AuditQuery Query, IReadOnlyList<ApiKeyAuditEntry> Entries, string? NextCursor);
