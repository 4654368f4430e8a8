using System.Text.Json;

namespace ApiKeyAuth.Management.Documents;

/// <summary>An audit entry as callers read it; the changes are members of from and to.</summary>
internal sealed record ApiKeyAuditEntryDocument(string Id, string At, string Action, string KeyId, string Actor, string? Address, JsonElement Changes);
