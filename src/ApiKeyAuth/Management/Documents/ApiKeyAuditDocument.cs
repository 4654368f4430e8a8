namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents a page of audit entries in a response.</summary>
internal sealed record ApiKeyAuditDocument(IReadOnlyList<ApiKeyAuditEntryDocument> Entries, string? NextCursor);
