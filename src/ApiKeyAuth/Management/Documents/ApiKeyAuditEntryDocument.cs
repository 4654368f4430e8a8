using System.Text.Json;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents an audit entry in a response. The changes are objects with the members <c>from</c> and <c>to</c>.</summary>
internal sealed record ApiKeyAuditEntryDocument(
    string Id, string At, string Action, string KeyId, string Actor, string? Address, JsonElement Changes);
