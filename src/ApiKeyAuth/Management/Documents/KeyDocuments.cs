using System.Globalization;
using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Turns keys, pages and entries into what callers read.</summary>
internal static class KeyDocuments
{
    private const string WholeSeconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static ApiKeyDocument Of(ApiKey key, DateTimeOffset now, string? secret = null) => new()
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
        Status = Name(key.GetStatus(now)),
        RevokedAt = Time(key.RevokedAt),
        RevocationReason = key.RevocationReason,
        ExpiresAt = key.ExpiresAt?.ToString(),
        CreatedAt = Time(key.CreatedAt),
        CreatedBy = key.CreatedBy,
        LastUsedAt = Time(key.LastUsedAt),
        UsageCount = key.UsageCount,
        Hint = key.Secrets is [var current, ..] ? current.Hint : "",
        Secrets = [.. key.Secrets.Select(Of)],
        Key = secret,
    };

    public static ApiKeyListDocument Of(ApiKeyPage page, DateTimeOffset now) => new()
    {
        Keys = [.. page.Keys.Select(key => Of(key, now))],
        NextCursor = page.NextCursor,
        Total = page.Total,
    };

    public static ApiKeyAuditDocument Of(ApiKeyAuditPage page) => new([.. page.Entries.Select(Of)], page.NextCursor);

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString(WholeSeconds, CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) => time is { } moment ? Time(moment) : null;

    private static ApiKeySecretDocument Of(ApiKeySecret secret) =>
        new(secret.Hint, Time(secret.CreatedAt), Time(secret.ExpiresAt), Time(secret.LastUsedAt));

    private static ApiKeyAuditEntryDocument Of(ApiKeyAuditEntry entry)
    {
        using var changes = JsonDocument.Parse(entry.Changes);
        return new ApiKeyAuditEntryDocument(
            entry.Id.ToString(), Time(entry.At), entry.Action, entry.KeyId, entry.Actor, entry.Address, changes.RootElement.Clone());
    }

    private static string Name(ApiKeyStatus status) => status switch
    {
        ApiKeyStatus.Active => "active",
        ApiKeyStatus.Disabled => "disabled",
        ApiKeyStatus.Expired => "expired",
        _ => "revoked",
    };
}
