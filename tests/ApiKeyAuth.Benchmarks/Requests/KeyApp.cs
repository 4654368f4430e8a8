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

/// <summary>
/// Represents an app with all features of the library: scope, limit with headers, networks, audience, expiration, usage, and a listener
/// of the meter.
/// </summary>
internal sealed class KeyApp
{
    /// <summary>The route whose response has a body of the same length as an error.</summary>
    public const string WithBody = "/body";

    // One listener for all apps of the process, because each listener receives the measurements of all apps.
    static KeyApp() => Listen();

    private KeyApp(MemoryServer server, string[] keys, string exhaustedKey)
    {
        Server = server;
        Keys = keys;
        ExhaustedKey = exhaustedKey;
    }

    public MemoryServer Server { get; }

    /// <summary>Gets keys within their limit.</summary>
    public string[] Keys { get; }

    /// <summary>Gets a key that has used up its limit.</summary>
    public string ExhaustedKey { get; }

    /// <summary>Starts an app.</summary>
    /// <param name="count">The number of keys that are used.</param>
    /// <param name="stored">The number of keys in the store.</param>
    public static async Task<KeyApp> StartAsync(int count, int stored = 1)
    {
        var format = new ApiKeyFormat();
        var hasher = new ApiKeyHasher([]);
        var many = new ManyKeys(format, hasher, stored, count);
        var exhausted = format.Generate("live");
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
                var key = ManyKeys.Key("key_exhausted", hasher.Hash(exhausted), "1/day");
                app.Services.GetRequiredService<InMemoryApiKeyStore>().AddAsync(key, [], AuditEntries.Create(key.Id), default)
                    .AsTask().GetAwaiter().GetResult();
            });
        await server.SendAsync("/", "X-API-Key", exhausted);
        return new KeyApp(server, many.Secrets, exhausted);
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

    /// <summary>Writes a body like that of an error, with the trace ID of the request, in the simplest way.</summary>
    private static class Body
    {
        private static readonly byte[] Head = Encoding.ASCII.GetBytes(
            "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"The API key provided is invalid\","
            + "\"code\":\"invalid_api_key\",\"traceId\":\"");

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
