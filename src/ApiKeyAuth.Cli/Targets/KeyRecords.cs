using System.Globalization;
using System.Text.Json.Nodes;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Maps keys, usage and audit entries of a database to records as the management API returns them.</summary>
internal static class KeyRecords
{
    public static JsonObject Create(ApiKey key, DateTimeOffset now, string? secret = null)
    {
        var record = new JsonObject
        {
            ["id"] = key.Id,
            ["name"] = key.Name,
            ["kind"] = key.Kind,
            ["environment"] = key.Environment,
            ["tenantId"] = key.TenantId,
            ["ownerId"] = key.OwnerId,
            ["scopes"] = ToArray(key.Scopes),
            ["rateLimits"] = ToArray(key.RateLimits.Select(limit => limit.ToString())),
            ["networks"] = ToArray(key.Networks.Select(network => network.ToString())),
            ["audiences"] = ToArray(key.Audiences),
            ["metadata"] = new JsonObject(key.Metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
            ["enabled"] = key.Enabled,
            ["status"] = key.GetStatus(now).ToString().ToLowerInvariant(),
            ["revokedAt"] = FormatTime(key.RevokedAt),
            ["revocationReason"] = key.RevocationReason,
            ["expiresAt"] = key.ExpiresAt?.ToString(),
            ["notBefore"] = FormatTime(key.NotBefore),
            ["expiresAfterIdleDays"] = key.ExpiresAfterIdleDays,
            ["createdAt"] = FormatTime(key.CreatedAt),
            ["createdBy"] = key.CreatedBy,
            ["lastUsedAt"] = FormatTime(key.LastUsedAt),
            ["usageCount"] = key.UsageCount,
            ["hint"] = key.Secrets is [var current, ..] ? current.Hint : "",
            ["secrets"] = new JsonArray([.. key.Secrets.Select(Create)]),
        };
        if (secret is not null)
        {
            record["key"] = secret;
        }

        return record;
    }

    /// <summary>Adds the hashes of the secrets that are valid as long as the key.</summary>
    public static JsonObject AddHashes(JsonObject record, ApiKey key)
    {
        string[] hashes = [.. key.Secrets.Where(secret => secret.ExpiresAt is null).Select(secret => secret.Hash.Format())];
        record["hash"] = hashes.FirstOrDefault();
        record["additionalHashes"] = hashes.Length > 1 ? ToArray(hashes[1..]) : null;
        return record;
    }

    public static JsonObject Create(ApiKeyAuditEntry entry) => new()
    {
        ["id"] = entry.Id.ToString(),
        ["at"] = FormatTime(entry.At),
        ["action"] = entry.Action,
        ["keyId"] = entry.KeyId,
        ["actor"] = entry.Actor,
        ["address"] = entry.Address,
        ["changes"] = JsonNode.Parse(entry.Changes),
    };

    public static JsonObject Create(ApiKeyUsageReport report) => new()
    {
        ["id"] = report.KeyId,
        ["from"] = FormatTime(report.From),
        ["to"] = FormatTime(report.To),
        ["by"] = report.Granularity == ApiKeyUsageGranularity.Day ? "day" : "hour",
        ["totals"] = new JsonObject
        {
            ["requests"] = report.Requests,
            ["succeeded"] = report.Succeeded,
            ["failed"] = report.Failed,
            ["successRate"] = report.SuccessRate is { } rate ? Math.Round(rate, 4) : null,
            ["lastUsedAt"] = FormatTime(report.LastUsedAt),
        },
        ["rows"] = new JsonArray(
        [
            .. report.Rows.Select(row => new JsonObject
            {
                ["from"] = FormatTime(row.From),
                ["to"] = FormatTime(row.To),
                ["requests"] = row.Requests,
                ["succeeded"] = row.Succeeded,
                ["failed"] = row.Failed,
            }),
        ]),
        ["unusedScopes"] = ToArray(report.UnusedScopes),
    };

    private static JsonObject Create(ApiKeySecret secret) => new()
    {
        ["hint"] = secret.Hint,
        ["createdAt"] = FormatTime(secret.CreatedAt),
        ["expiresAt"] = FormatTime(secret.ExpiresAt),
        ["lastUsedAt"] = FormatTime(secret.LastUsedAt),
    };

    private static JsonArray ToArray(IEnumerable<string> items) => new([.. items.Select(item => JsonValue.Create(item))]);

    private static string? FormatTime(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
