using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Maps keys to rows and back.</summary>
internal static class KeyRowMapper
{
    public static KeyRow ToRow(ApiKey key, long version) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Kind = key.Kind,
        Environment = key.Environment,
        TenantId = key.TenantId,
        OwnerId = key.OwnerId,
        Scopes = JsonColumnText.Serialize(key.Scopes),
        RateLimits = JsonColumnText.Serialize(key.RateLimits.Select(limit => limit.ToString())),
        Networks = JsonColumnText.Serialize(key.Networks.Select(network => network.ToString())),
        Audiences = JsonColumnText.Serialize(key.Audiences),
        Metadata = JsonColumnText.Serialize(key.Metadata),
        Enabled = key.Enabled,
        RevokedAt = key.RevokedAt?.UtcTicks,
        RevocationReason = key.RevocationReason,
        ExpiresAt = key.ExpiresAt?.Instant.UtcTicks,
        ExpiresOnDate = key.ExpiresAt is { IsDate: true },
        NotBefore = key.NotBefore?.UtcTicks,
        ExpiresAfterIdleDays = key.ExpiresAfterIdleDays,
        CreatedAt = key.CreatedAt.UtcTicks,
        CreatedBy = key.CreatedBy,
        Version = version,
    };

    public static SecretRow ToRow(ApiKeySecret secret, string keyId, int position) => new()
    {
        Digest = secret.Hash.Digest.ToArray(),
        PepperId = secret.Hash.PepperId ?? "",
        KeyId = keyId,
        Position = position,
        Hint = secret.Hint,
        CreatedAt = secret.CreatedAt.UtcTicks,
        ExpiresAt = secret.ExpiresAt?.UtcTicks,
        LeakedAt = secret.LeakedAt?.UtcTicks,
        Prefix = secret.SaltedHash?.Prefix,
        SaltedHash = secret.SaltedHash?.Text,
    };

    public static ApiKey ToKey(KeyRow row, IEnumerable<SecretRow> secrets, UsageRow? usage) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Kind = row.Kind,
        Environment = row.Environment,
        TenantId = row.TenantId,
        OwnerId = row.OwnerId,
        Scopes = row.Scopes is null ? ScopeSet.Empty : ScopeSet.Create(JsonColumnText.DeserializeList(row.Scopes)),
        RateLimits = Array.ConvertAll(
            JsonColumnText.DeserializeList(row.RateLimits), text => RateLimit.Parse(text, CultureInfo.InvariantCulture)),
        Networks = Array.ConvertAll(JsonColumnText.DeserializeList(row.Networks), IPNetwork.Parse),
        Audiences = JsonColumnText.DeserializeList(row.Audiences),
        Metadata = JsonColumnText.DeserializeDictionary(row.Metadata)
            ?? (IReadOnlyDictionary<string, string>)ReadOnlyDictionary<string, string>.Empty,
        Enabled = row.Enabled,
        RevokedAt = UtcTime.FromTicks(row.RevokedAt),
        RevocationReason = row.RevocationReason,
        ExpiresAt = ToExpiry(row),
        NotBefore = UtcTime.FromTicks(row.NotBefore),
        ExpiresAfterIdleDays = row.ExpiresAfterIdleDays,
        CreatedAt = UtcTime.FromTicks(row.CreatedAt),
        CreatedBy = row.CreatedBy,
        Version = row.Version,
        UsageCount = usage?.Count ?? 0,
        LastUsedAt = UtcTime.FromTicks(usage?.LastUsedAt),
        Secrets = [.. secrets.OrderBy(secret => secret.Position).Select(secret => ToSecret(secret, usage is not null))],
    };

    public static bool HasHash(SecretRow row, ApiKeyHash hash) =>
        (hash.PepperId ?? "") == row.PepperId && hash.Digest.SequenceEqual(row.Digest);

    private static ApiKeySecret ToSecret(SecretRow row, bool includeUsage) => new()
    {
        Hash = new ApiKeyHash(row.Digest, row.PepperId.Length == 0 ? null : row.PepperId),
        Hint = row.Hint,
        CreatedAt = UtcTime.FromTicks(row.CreatedAt),
        ExpiresAt = UtcTime.FromTicks(row.ExpiresAt),
        LeakedAt = UtcTime.FromTicks(row.LeakedAt),
        SaltedHash = row is { Prefix: { } prefix, SaltedHash: { } text } ? new ApiKeySaltedHash(prefix, text) : null,
        LastUsedAt = includeUsage ? UtcTime.FromTicks(row.LastUsedAt) : null,
    };

    private static ApiKeyExpiry? ToExpiry(KeyRow row) => row.ExpiresAt is not { } ticks ? null
        : !row.ExpiresOnDate ? new ApiKeyExpiry(UtcTime.FromTicks(ticks))
        : new ApiKeyExpiry(ticks == DateTimeOffset.MaxValue.Ticks
            ? DateOnly.MaxValue
            : DateOnly.FromDateTime(new DateTime(ticks)).AddDays(-1));
}
