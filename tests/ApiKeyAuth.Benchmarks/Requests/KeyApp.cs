using System.Diagnostics.Metrics;
using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>An app with the library and everything on: scope, limit with headers, networks, audience, expiry, usage, and somebody who listens to the meter.</summary>
internal sealed class KeyApp : IDisposable
{
    private readonly MeterListener _listener = new();

    private KeyApp(MemoryServer server, string[] keys, string spent)
    {
        Server = server;
        Keys = keys;
        Spent = spent;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ApiKeyTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        _listener.Start();
    }

    public MemoryServer Server { get; }

    /// <summary>Keys that may pass.</summary>
    public string[] Keys { get; }

    /// <summary>A key that has spent its limit.</summary>
    public string Spent { get; }

    public static async Task<KeyApp> StartAsync(int count)
    {
        string[] keys = [];
        var spent = "";
        var server = await Apps.StartAsync(
            builder => builder.Services.AddApiKeyAuth(options =>
            {
                options.Scopes.Add(new ScopeDefinition { Name = "orders:read" });
                options.RateLimiting.FailedAuthentications = new RateLimit(RateLimit.MaxPermits, TimeSpan.FromSeconds(1));
                options.Cache.MaxKnownKeys = Math.Max(count + 1, 1000);
                options.Cache.KnownKeyLifetime = TimeSpan.FromHours(1);
            }).AddScheme("ApiKey", scheme => scheme.Audience = "orders").AddInMemoryStore(),
            app =>
            {
                app.UseApiKeyAuth();
                app.MapGet("/", Apps.Answer).RequireScope("orders:read");
                keys = [.. Enumerable.Range(0, count).Select(i => Add(app, $"key_{i}", "1000000000/hour"))];
                spent = Add(app, "key_spent", "1/day");
            });
        await server.SendAsync("X-API-Key", spent);
        return new KeyApp(server, keys, spent);
    }

    public void Dispose() => _listener.Dispose();

    private static string Add(WebApplication app, string id, string limit)
    {
        var secret = app.Services.GetRequiredService<ApiKeyFormats>().Issuing.Generate("live");
        var key = new ApiKey
        {
            Id = id,
            Name = "Benchmark",
            TenantId = "tenant",
            Environment = "live",
            OwnerId = "owner",
            Scopes = ScopeSet.Create(["orders:read"]),
            RateLimits = RateLimit.ParseList(limit),
            Networks = [IPNetwork.Parse("127.0.0.0/8")],
            Audiences = ["orders"],
            ExpiresAt = new ApiKeyExpiry(TimeProvider.System.GetUtcNow().AddDays(1)),
            Secrets = [new ApiKeySecret { Hash = app.Services.GetRequiredService<ApiKeyHasher>().Hash(secret) }],
        };
        var made = new ApiKeyAuditEntry { Id = Guid.NewGuid(), At = DateTimeOffset.UnixEpoch, Action = "create", KeyId = id, Actor = "system", Changes = "{}" };
        app.Services.GetRequiredService<InMemoryApiKeyStore>().AddAsync(key, [], made, default).AsTask().GetAwaiter().GetResult();
        return secret;
    }
}
