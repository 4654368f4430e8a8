using System.Net;
using System.Security.Cryptography;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>Creates keys, hashes and audit entries for tests of stores.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 891, TimeSpan.Zero);

    private static int _auditEntryCount;

    public static ApiKeyHash Hash(string? pepperId = null) => new(RandomNumberGenerator.GetBytes(ApiKeyHash.Length), pepperId);

    public static ApiKeyHash LegacyHash() => ApiKeyHash.CreateLegacy("seam", RandomNumberGenerator.GetBytes(ApiKeyHash.Length));

    public static ApiKeySecret Secret(ApiKeyHash? hash = null) => new() { Hash = hash ?? Hash(), Hint = "x7Qa", CreatedAt = Now };

    /// <summary>Creates a secret that is found by its prefix.</summary>
    public static ApiKeySecret SaltedSecret(string prefix) =>
        Secret(LegacyHash()) with { SaltedHash = new ApiKeySaltedHash(prefix, $"{prefix}.{Guid.NewGuid():N}") };

    public static ApiKey Key(string? id = null) => new() { Id = id ?? Id(), Name = "a key", CreatedAt = Now, Secrets = [Secret()] };

    public static string Id() => $"key_{Guid.NewGuid():N}";

    public static ApiKeyAuditEntry AuditEntry(ApiKey key, string action = "create") => new()
    {
        // Each entry has its own time, because the order of two IDs in the same millisecond is random.
        Id = Guid.CreateVersion7(Now.AddMilliseconds(Interlocked.Increment(ref _auditEntryCount))),
        At = Now,
        Action = action,
        KeyId = key.Id,
        TenantId = key.TenantId,
        Actor = "system",
        Changes = "{}",
    };

    public static ApiKeyUsageRecord UsageRecord(ApiKey key, long count, DateTimeOffset at, int secret = 0) => new()
    {
        KeyId = key.Id,
        Hash = key.Secrets[secret].Hash,
        Count = count,
        LastUsedAt = at,
        Hour = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero),
        Outcome = ApiKeyUsageOutcomes.Success,
        Country = "CH",
        Network = "203.0.113.0/24",
    };

    public static ApiKeyUsageBatch Batch(params ApiKeyUsageRecord[] uses) =>
        new() { Id = Guid.CreateVersion7(Now), CreatedAt = Now, Records = uses };

    /// <summary>Creates a key with every property set to a value that is not its default.</summary>
    public static ApiKey FullKey() => new()
    {
        Id = Id(),
        Name = "Zürich – 日本 🔑",
        Kind = "service",
        Environment = "live",
        TenantId = "tenant/1",
        OwnerId = "auth0|42",
        Scopes = ScopeSet.Create(["orders:*", "full_access", "leads:read"]),
        RateLimits = [new RateLimit(100, TimeSpan.FromMinutes(15)), new RateLimit(RateLimit.MaxPermits, TimeSpan.FromDays(30))],
        Networks = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")],
        Audiences = ["https://api.example", "b"],
        Metadata = new Dictionary<string, string> { ["plan"] = "gold \"quoted\" \\ 🙂", [""] = "", ["empty"] = "" },
        Enabled = false,
        RevokedAt = Now.AddDays(2).AddTicks(3),
        RevocationReason = "Über – 日本 🔑",
        ExpiresAt = new ApiKeyExpiry(Now.AddYears(1)),
        NotBefore = Now.AddDays(-3).AddTicks(5),
        ExpiresAfterIdleDays = 45,
        CreatedAt = Now.AddTicks(1),
        CreatedBy = "user:ada",
        Secrets =
        [
            new() { Hash = Hash("p.2026"), Hint = "aB3_", CreatedAt = Now.AddTicks(1) },
            new()
            {
                Hash = Hash(),
                Hint = "",
                CreatedAt = Now.AddDays(-1),
                ExpiresAt = Now.AddHours(1),
                LeakedAt = Now.AddMinutes(-1).AddTicks(7),
                SaltedHash = new ApiKeySaltedHash("BAzqWd5c", "BAzqWd5c.pbkdf2_sha256$1000$salt$hash"),
            },
        ],
    };
}
