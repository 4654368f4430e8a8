namespace ApiKeyAuth.Management.Documents;

/// <summary>A page of audit entries as callers read it.</summary>
internal sealed record ApiKeyAuditDocument(IReadOnlyList<ApiKeyAuditEntryDocument> Entries, string? NextCursor);
