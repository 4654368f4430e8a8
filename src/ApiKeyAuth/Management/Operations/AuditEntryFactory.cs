using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Creates audit entries with the members that changed, before and after. Secrets are represented by their hints.</summary>
internal sealed class AuditEntryFactory(ApiKeyFormats formats, TimeProvider clock)
{
    public ApiKeyAuditEntry Create(ApiKeyCaller caller, string action, ApiKey? before, ApiKey? after)
    {
        var now = clock.GetUtcNow();
        var key = after ?? before!;
        return new ApiKeyAuditEntry
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Action = action,
            KeyId = key.Id,
            TenantId = key.TenantId,
            Actor = caller.Actor,
            Address = caller.Address,
            // A secret may have been pasted into the name or the metadata.
            Changes = formats.Redact(SerializeChanges(before, after)),
        };
    }

    private static string SerializeChanges(ApiKey? before, ApiKey? after)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var ((name, from), (_, to)) in GetMembers(before).Zip(GetMembers(after)))
            {
                if (from != to)
                {
                    json.WriteStartObject(name);
                    json.WriteString("from"u8, from);
                    json.WriteString("to"u8, to);
                    json.WriteEndObject();
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static (string Name, string? Value)[] GetMembers(ApiKey? key) =>
    [
        ("name", key?.Name),
        ("kind", key?.Kind),
        ("environment", key?.Environment),
        ("ownerId", key?.OwnerId),
        ("scopes", key?.Scopes.ToString()),
        ("rateLimits", key is null ? null : string.Join("; ", key.RateLimits)),
        ("networks", key is null ? null : string.Join(' ', key.Networks)),
        ("audiences", key is null ? null : string.Join("; ", key.Audiences)),
        ("metadata", key is null ? null : string.Join("; ", key.Metadata.Select(item => $"{item.Key}={item.Value}"))),
        ("enabled", key is null ? null : key.Enabled ? "true" : "false"),
        ("revokedAt", key?.RevokedAt?.ToString("O")),
        ("revocationReason", key?.RevocationReason),
        ("expiresAt", key?.ExpiresAt?.ToString()),
        ("notBefore", key?.NotBefore is { } start ? new ApiKeyExpiry(start).ToString() : null),
        ("expiresAfterIdleDays", key?.ExpiresAfterIdleDays?.ToString(CultureInfo.InvariantCulture)),
        ("secrets", key is null ? null : string.Join("; ", key.Secrets.Select(FormatSecret))),
    ];

    private static string FormatSecret(ApiKeySecret secret) =>
        $"…{secret.Hint}{(secret.ExpiresAt is { } end ? $" until {end:O}" : "")}{(secret.LeakedAt is null ? "" : " leaked")}";
}
