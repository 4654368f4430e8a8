using System.Globalization;
using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Maps keys, pages and audit entries to responses.</summary>
internal static class KeyDocumentMapper
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static ApiKeyDocument Create(ApiKey key, DateTimeOffset now, string? secret = null) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Kind = key.Kind,
        Environment = key.Environment,
        TenantId = key.TenantId,
        OwnerId = key.OwnerId,
        Scopes = [.. key.Scopes],
        RateLimits = [.. key.RateLimits.Select(limit => limit.ToString())],
        Networks = [.. key.Networks.Select(network => network.ToString())],
        Audiences = key.Audiences,
        Metadata = key.Metadata,
        Enabled = key.Enabled,
        Status = GetStatusName(key.GetStatus(now)),
        RevokedAt = FormatTime(key.RevokedAt),
        RevocationReason = key.RevocationReason,
        ExpiresAt = key.ExpiresAt?.ToString(),
        NotBefore = FormatTime(key.NotBefore),
        ExpiresAfterIdleDays = key.ExpiresAfterIdleDays,
        CreatedAt = FormatTime(key.CreatedAt),
        CreatedBy = key.CreatedBy,
        LastUsedAt = FormatTime(key.LastUsedAt),
        UsageCount = key.UsageCount,
        Hint = key.Secrets is [var current, ..] ? current.Hint : "",
        Secrets = [.. key.Secrets.Select(Create)],
        Key = secret,
    };

    public static ApiKeyListDocument Create(ApiKeyPage page, DateTimeOffset now) => new()
    {
        Keys = [.. page.Keys.Select(key => Create(key, now))],
        NextCursor = page.NextCursor,
        Total = page.Total,
    };

    public static ApiKeyAuditDocument Create(ApiKeyAuditPage page) => new([.. page.Entries.Select(Create)], page.NextCursor);

    public static string FormatTime(DateTimeOffset time) => time.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static string? FormatTime(DateTimeOffset? time) => time is { } moment ? FormatTime(moment) : null;

    public static string GetStatusName(ApiKeyStatus status) => status switch
    {
        ApiKeyStatus.Active => "active",
        ApiKeyStatus.Pending => "pending",
        ApiKeyStatus.Disabled => "disabled",
        ApiKeyStatus.Expired => "expired",
        ApiKeyStatus.Idle => "idle",
        _ => "revoked",
    };

    private static ApiKeySecretDocument Create(ApiKeySecret secret) =>
        new(secret.Hint, FormatTime(secret.CreatedAt), FormatTime(secret.ExpiresAt), FormatTime(secret.LastUsedAt));

    private static ApiKeyAuditEntryDocument Create(ApiKeyAuditEntry entry)
    {
        using var changes = JsonDocument.Parse(entry.Changes);
        return new ApiKeyAuditEntryDocument(
            entry.Id.ToString(), FormatTime(entry.At), entry.Action, entry.KeyId, entry.Actor, entry.Address, changes.RootElement.Clone());
    }
}
