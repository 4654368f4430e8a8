using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.History;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Adds keys as an app has them after some months: of each status, with usage of hours and days.</summary>
internal static class DashboardData
{
    /// <summary>The ID of the key with the most usage, with a retiring secret.</summary>
    public const string Busy = "key_billing";

    private const string WebhookUrl = "https://alerts.example.invalid/hooks/7f3a";

    /// <summary>Adds an in-memory store and the settings of webhooks.</summary>
    public static void AddStore(ApiKeyAuthBuilder keys)
    {
        keys.AddInMemoryStore();
        keys.Services.Configure<ApiKeyAlertOptions>(options =>
        {
            foreach (var (name, url) in new[] { ("on-call", WebhookUrl), ("archive", "https://archive.example.invalid/") })
            {
                var webhook = new ApiKeyWebhookOptions { Name = name, Url = url, TenantId = "acme" };
                webhook.Secrets.Add("whsec_" + Convert.ToBase64String(new byte[32]));
                options.Webhooks.Add(webhook);
            }

            options.Webhooks[1].Kinds.Add(ApiKeyAlertKinds.KeyLeaked);
        });
    }

    /// <summary>Adds deliveries with each outcome.</summary>
    public static Task AddDeliveriesAsync(DashboardApp app) => app.RunAsync(async services =>
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var history = (IApiKeyAlertHistoryStore)services.GetRequiredService<IApiKeyAlertStore>();
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WebhookUrl)))[..8];
        (ApiKeyAlertDeliveryOutcome Outcome, string? Reason, int Attempts, string Kind, string KeyId)[] deliveries =
        [
            (ApiKeyAlertDeliveryOutcome.Delivered, null, 1, ApiKeyAlertKinds.Test, ""),
            (ApiKeyAlertDeliveryOutcome.Rescheduled, "503", 3, ApiKeyAlertKinds.RetiringSecretInUse, Busy),
            (ApiKeyAlertDeliveryOutcome.Delivered, null, 2, ApiKeyAlertKinds.HighUsage, Busy),
            (ApiKeyAlertDeliveryOutcome.Abandoned, "SocketException", 10, ApiKeyAlertKinds.NewCountry, "key_mobile"),
            (ApiKeyAlertDeliveryOutcome.Delivered, null, 1, ApiKeyAlertKinds.KeyExpiring, "key_export"),
            (ApiKeyAlertDeliveryOutcome.Delivered, null, 1, ApiKeyAlertKinds.Failures, Busy),
        ];
        foreach (var (i, (outcome, reason, attempts, kind, keyId)) in deliveries.Index())
        {
            await history.RecordDeliveryAsync(
                new()
                {
                    AlertId = $"alert_{i}",
                    Target = $"webhook:on-call:{digest}",
                    Kind = kind,
                    KeyId = keyId,
                    TenantId = "acme",
                    AttemptedAt = now.AddHours(-3 * i).AddMinutes(-4),
                    Attempts = attempts,
                    Outcome = outcome,
                    Reason = reason,
                    NextAttemptAt = outcome == ApiKeyAlertDeliveryOutcome.Rescheduled ? now.AddMinutes(26) : null,
                },
                maxCount: 50,
                default);
        }
    });

    public static Task AddAsync(DashboardApp app) => app.RunAsync(async services =>
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var store = services.GetRequiredService<IWritableApiKeyStore>();
        foreach (var (key, perHour, failing) in CreateKeys(now))
        {
            await store.AddAsync(key, [], CreateAudit(key), default);
            await AddUsageAsync((IApiKeyUsageStore)store, key, now, perHour, failing);
        }
    });

    /// <summary>Adds usage of the last days to the store.</summary>
    public static async Task AddUsageAsync(IApiKeyUsageStore store, ApiKey key, DateTimeOffset now, int perHour, int failing)
    {
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var records = Enumerable.Range(0, perHour == 0 ? 0 : 24 * 20).SelectMany(i => new[]
        {
            CreateRecord(i, ApiKeyUsageOutcomes.Success, Wave(i, perHour)),
            CreateRecord(i, ApiKeyErrorCodes.RateLimitExceeded, i % 5 == 0 ? Wave(i, failing) : 0),
            CreateRecord(i, ApiKeyErrorCodes.InsufficientScope, i % 9 == 0 ? failing : 0),
            CreateRecord(i, ApiKeyUsageOutcomes.ServerError, i % 31 == 3 ? failing * 2 : 0),
        });
        var batch = new ApiKeyUsageBatch
        {
            Id = Guid.NewGuid(),
            CreatedAt = now,
            Records = [.. records.Where(record => record.Count > 0)],
            Scopes = [.. key.Scopes.Take(1).Select(scope => new ApiKeyScopeLastUse { KeyId = key.Id, Scope = scope, LastUsedAt = now })],
        };
        await store.AddUsageAsync(batch, default);

        ApiKeyUsageRecord CreateRecord(int hours, string outcome, long count) => new()
        {
            KeyId = key.Id,
            Hash = key.Secrets[^1].Hash,
            Count = count,
            LastUsedAt = now.AddHours(-hours).AddMinutes(-3),
            Hour = hour.AddHours(-hours),
            Outcome = outcome,
            Country = hours % 3 == 0 ? "DE" : "VN",
            Network = hours % 2 == 0 ? "203.0.113.0/24" : "198.51.100.0/24",
        };
    }

    private static long Wave(int hours, int size) =>
        (long)(size * (1.1 + Math.Sin(hours / 24.0 * 2 * Math.PI)) * (0.7 + (hours * 37 % 10 / 15.0)));

    private static IEnumerable<(ApiKey Key, int PerHour, int Failing)> CreateKeys(DateTimeOffset now)
    {
        var secret = CreateSecret(now.AddDays(-2));
        var old = CreateSecret(now.AddDays(-200)) with { ExpiresAt = now.AddHours(20) };
        yield return (
            CreateKey("key_pending", "Partner preview", now.AddDays(-1), "reports:read") with { NotBefore = now.AddDays(6) }, 0, 0);
        yield return (CreateKey("key_wide", "Migration script", now.AddDays(-12), "*"), 9, 0);
        yield return (
            CreateKey("key_mobile", "Mobile app", now.AddDays(-40), "invoices:read") with { Environment = "test", OwnerId = "grace" },
            75, 0);
        yield return (
            CreateKey("key_export", "Nightly export", now.AddDays(-80), "reports:read", "invoices:read", "invoices:write") with
            {
                ExpiresAt = new(now.AddDays(5)),
                Networks = [System.Net.IPNetwork.Parse("203.0.113.0/24")],
            },
            4, 1);
        yield return (CreateKey("key_never", "Zapier trial", now.AddDays(-65), "invoices:read") with { OwnerId = "linus" }, 0, 0);
        yield return (
            CreateKey(Busy, "Billing service", now.AddDays(-200), "invoices:read", "invoices:write", "reports:read") with
            {
                Kind = ApiKeyKinds.Organization,
                OwnerId = "team-billing",
                RateLimits = RateLimit.ParseList("500/hour"),
                Secrets = [secret, old],
                Metadata = new Dictionary<string, string> { ["team"] = "billing", ["ticket"] = "OPS-1412" },
            },
            240, 14);
        yield return (CreateKey("key_off", "Old importer", now.AddDays(-300), "invoices:write") with { Enabled = false }, 0, 0);
        yield return (
            CreateKey("key_ended", "Hackathon", now.AddDays(-90), "reports:read") with { ExpiresAt = new(now.AddDays(-3)) }, 0, 0);
        yield return (
            CreateKey("key_revoked", "Leaked in a build log", now.AddDays(-120), "invoices:read") with
            {
                RevokedAt = now.AddDays(-9),
                RevocationReason = "Found in a build log",
            },
            0, 0);
    }

    private static ApiKey CreateKey(string id, string name, DateTimeOffset createdAt, params string[] scopes) => new()
    {
        Id = id,
        Name = name,
        Kind = ApiKeyKinds.Service,
        Environment = "live",
        TenantId = "acme",
        Scopes = ScopeSet.Create(scopes),
        CreatedAt = createdAt,
        CreatedBy = "user:ada",
        Secrets = [CreateSecret(createdAt)],
    };

    private static ApiKeySecret CreateSecret(DateTimeOffset createdAt)
    {
        var text = Guid.NewGuid().ToString("N");
        return new() { Hash = new ApiKeyHasher([]).Hash(text), Hint = text[^4..], CreatedAt = createdAt };
    }

    private static ApiKeyAuditEntry CreateAudit(ApiKey key) => new()
    {
        Id = Guid.CreateVersion7(key.CreatedAt),
        At = key.CreatedAt,
        Action = "create",
        KeyId = key.Id,
        TenantId = key.TenantId,
        Actor = "user:ada",
        Address = "203.0.113.7",
        Changes = $$$"""{"name":{"to":"{{{key.Name}}}"}}""",
    };
}
