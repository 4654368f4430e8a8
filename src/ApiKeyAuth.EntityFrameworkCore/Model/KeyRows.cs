using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Turns keys into rows and back.</summary>
internal static class KeyRows
{
    public static KeyRow From(ApiKey key, long version) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Kind = key.Kind,
        Environment = key.Environment,
        TenantId = key.TenantId,
        OwnerId = key.OwnerId,
        Scopes = KeyLists.Write(key.Scopes),
        RateLimits = KeyLists.Write(key.RateLimits.Select(limit => limit.ToString())),
        Networks = KeyLists.Write(key.Networks.Select(network => network.ToString())),
        Audiences = KeyLists.Write(key.Audiences),
        Metadata = KeyLists.Write(key.Metadata),
        Enabled = key.Enabled,
        RevokedAt = key.RevokedAt?.UtcTicks,
        RevocationReason = key.RevocationReason,
        ExpiresAt = key.ExpiresAt?.Instant.UtcTicks,
        ExpiresOnDate = key.ExpiresAt is { IsDate: true },
        CreatedAt = key.CreatedAt.UtcTicks,
        CreatedBy = key.CreatedBy,
        Version = version,
    };

    public static SecretRow From(ApiKeySecret secret, string keyId, int position) => new()
    {
        Digest = secret.Hash.Digest.ToArray(),
        PepperId = secret.Hash.PepperId ?? "",
        KeyId = keyId,
        Position = position,
        Hint = secret.Hint,
        CreatedAt = secret.CreatedAt.UtcTicks,
        ExpiresAt = secret.ExpiresAt?.UtcTicks,
    };

    public static ApiKey ToKey(KeyRow row, IEnumerable<SecretRow> secrets, UsageRow? usage) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Kind = row.Kind,
        Environment = row.Environment,
        TenantId = row.TenantId,
        OwnerId = row.OwnerId,
        Scopes = row.Scopes is null ? ScopeSet.Empty : ScopeSet.Create(KeyLists.ReadItems(row.Scopes)),
        RateLimits = Array.ConvertAll(KeyLists.ReadItems(row.RateLimits), text => RateLimit.Parse(text, CultureInfo.InvariantCulture)),
        Networks = Array.ConvertAll(KeyLists.ReadItems(row.Networks), IPNetwork.Parse),
        Audiences = KeyLists.ReadItems(row.Audiences),
        Metadata = KeyLists.ReadMap(row.Metadata) ?? (IReadOnlyDictionary<string, string>)ReadOnlyDictionary<string, string>.Empty,
        Enabled = row.Enabled,
        RevokedAt = Moment.From(row.RevokedAt),
        RevocationReason = row.RevocationReason,
        ExpiresAt = ToExpiry(row),
        CreatedAt = Moment.From(row.CreatedAt),
        CreatedBy = row.CreatedBy,
        Version = row.Version,
        UsageCount = usage?.Count ?? 0,
        LastUsedAt = Moment.From(usage?.LastUsedAt),
        Secrets = [.. secrets.OrderBy(secret => secret.Position).Select(secret => ToSecret(secret, usage is not null))],
    };

    public static bool IsOf(SecretRow row, ApiKeyHash hash) =>
        (hash.PepperId ?? "") == row.PepperId && hash.Digest.SequenceEqual(row.Digest);

    private static ApiKeySecret ToSecret(SecretRow row, bool withUsage) => new()
    {
        Hash = new ApiKeyHash(row.Digest, row.PepperId.Length == 0 ? null : row.PepperId),
        Hint = row.Hint,
        CreatedAt = Moment.From(row.CreatedAt),
        ExpiresAt = Moment.From(row.ExpiresAt),
        LastUsedAt = withUsage ? Moment.From(row.LastUsedAt) : null,
    };

    private static ApiKeyExpiry? ToExpiry(KeyRow row) => row.ExpiresAt is not { } ticks ? null
        : !row.ExpiresOnDate ? new ApiKeyExpiry(Moment.From(ticks))
        : new ApiKeyExpiry(ticks == DateTimeOffset.MaxValue.Ticks ? DateOnly.MaxValue : DateOnly.FromDateTime(new DateTime(ticks)).AddDays(-1));
}
