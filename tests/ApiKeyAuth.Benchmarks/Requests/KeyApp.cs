using System.Diagnostics.Metrics;
using System.Text;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>An app with the library and everything on: scope, limit with headers, networks, audience, expiry, usage, and somebody who listens to the meter.</summary>
internal sealed class KeyApp
{
    /// <summary>The route that answers as long a body as a refusal has.</summary>
    public const string WithBody = "/body";

    // One listener for all apps of the process: each would listen to the meters of the others too.
    static KeyApp() => Listen();

    private KeyApp(MemoryServer server, string[] keys, string spent)
    {
        Server = server;
        Keys = keys;
        Spent = spent;
    }

    public MemoryServer Server { get; }

    /// <summary>Keys that may pass.</summary>
    public string[] Keys { get; }

    /// <summary>A key that has spent its limit.</summary>
    public string Spent { get; }

    /// <summary>Starts one.</summary>
    /// <param name="count">How many keys will be used.</param>
    /// <param name="stored">How many there are.</param>
    public static async Task<KeyApp> StartAsync(int count, int stored = 1)
    {
        var format = new ApiKeyFormat();
        var hasher = new ApiKeyHasher([]);
        var many = new ManyKeys(format, hasher, stored, count);
        var spent = format.Generate("live");
        var server = await Apps.StartAsync(
            builder => builder.Services.AddSingleton<IApiKeyStore>(many).AddApiKeyAuth(options =>
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
                app.MapGet(WithBody, Body.WriteAsync).RequireScope("orders:read");
                var made = new ApiKeyAuditEntry { Id = Guid.NewGuid(), At = DateTimeOffset.UnixEpoch, Action = "create", KeyId = "key_spent", Actor = "system", Changes = "{}" };
                app.Services.GetRequiredService<InMemoryApiKeyStore>()
                    .AddAsync(ManyKeys.Key("key_spent", hasher.Hash(spent), "1/day"), [], made, default).AsTask().GetAwaiter().GetResult();
            });
        await server.SendAsync("/", "X-API-Key", spent);
        return new KeyApp(server, many.Secrets, spent);
    }

    private static void Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == ApiKeyTelemetry.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
    }

    /// <summary>A body like that of a refusal, with the request's own trace id, written as plainly as can be.</summary>
    private static class Body
    {
        private static readonly byte[] Head = "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"The API key provided is invalid\",\"code\":\"invalid_api_key\",\"traceId\":\""u8.ToArray();
        private static readonly byte[] End = "\"}"u8.ToArray();

        public static Task WriteAsync(HttpContext context)
        {
            var traceId = context.TraceIdentifier;
            var json = new byte[Head.Length + traceId.Length + End.Length];
            Head.CopyTo(json);
            Encoding.ASCII.GetBytes(traceId, json.AsSpan(Head.Length));
            End.CopyTo(json.AsSpan(Head.Length + traceId.Length));
            context.Response.ContentType = "application/problem+json";
            context.Response.ContentLength = json.Length;
            return context.Response.Body.WriteAsync(json).AsTask();
        }
    }
}
