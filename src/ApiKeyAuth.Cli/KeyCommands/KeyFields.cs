using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Provides the members of records, and the columns of tables.</summary>
internal static class KeyFields
{
    public static readonly string[] Key =
    [
        "id", "name", "kind", "environment", "tenantId", "ownerId", "scopes", "rateLimits", "networks", "audiences", "metadata", "enabled",
        "status", "revokedAt", "revocationReason", "expiresAt", "notBefore", "expiresAfterIdleDays",
        "createdAt", "createdBy", "lastUsedAt", "usageCount", "hint", "secrets",
    ];

    public static readonly string[] Issued = [.. Key, "key"];

    public static readonly string[] Verification =
        ["valid", "code", "id", "name", "kind", "environment", "tenantId", "ownerId", "scopes", "expiresAt", "limit", "remaining"];

    public static readonly string[] Audit = ["id", "at", "action", "keyId", "actor", "address", "changes"];

    public static readonly string[] Scope = ["name", "description", "implies", "rateLimits", "grantedByDefault", "keys"];

    public static readonly string[] Usage = ["id", "from", "to", "by", "totals", "rows", "unusedScopes"];

    public static readonly string[] Caller =
        ["caller", "target", .. Verification, "expiresAfterIdleDays", "secret", "rateLimits", "usage"];

    public static readonly Column[] KeyColumns =
    [
        new("ID", "id"), new("Name", "name"), new("Key", "hint"), new("Owner", "ownerId"), new("Environment", "environment"),
        new("Scopes", "scopes"), new("Status", "status"), new("Expires", "expiresAt"), new("Last used", "lastUsedAt"),
    ];

    public static readonly Column[] AuditColumns =
        [new("At", "at"), new("Action", "action"), new("Key", "keyId"), new("By", "actor"), new("Changes", "changes")];

    public static readonly Column[] ScopeColumns =
    [
        new("Scope", "name"), new("Description", "description"), new("Implies", "implies"), new("Limits", "rateLimits"),
        new("By default", "grantedByDefault"), new("Keys", "keys"),
    ];

    public static readonly Column[] UsageColumns =
        [new("From", "from"), new("Requests", "requests"), new("Succeeded", "succeeded"), new("Failed", "failed")];
}
