using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Diagnostics;

/// <summary>Represents an app on Kestrel whose logs and metrics are captured.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private static readonly ApiKeyPepper Pepper = new("p1", Enumerable.Repeat((byte)7, 32).ToArray());

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private RunningApp(WebApplication app, TimerClock clock, LogCapture log, ScriptedStore? store)
    {
        _app = app;
        Clock = clock;
        Log = log;
        Store = store;
        Metrics = new CapturedMetrics(app.Services);
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public static ApiKeyHasher Hasher { get; } = new([Pepper]);

    public TimerClock Clock { get; }

    public LogCapture Log { get; }

    public ScriptedStore? Store { get; }

    public CapturedMetrics Metrics { get; }

    public static async Task<RunningApp> StartAsync(
        ScriptedStore? store,
        Action<ApiKeyAuthOptions>? configure = null,
        string? environment = null,
        Action<IServiceCollection>? services = null)
    {
        var (clock, log) = (new TimerClock(), new LogCapture());
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        services?.Invoke(builder.Services);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddApiKeyAuth(options =>
        {
            options.Peppers.Add(Pepper);
            configure?.Invoke(options);
        });
        if (store is not null)
        {
            builder.Services.AddSingleton<IApiKeyStore>(store);
        }

        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "ok").RequireAuthorization();
        app.MapGet("/scoped", () => "ok").RequireScope("orders:read");
        await app.StartAsync();
        return new RunningApp(app, clock, log, store);
    }

    /// <summary>Creates a key with the hash of a secret in this app.</summary>
    public static ApiKey Key(string id, string secret) => new()
    {
        Id = id,
        Name = "n",
        TenantId = "tenant-7",
        Secrets = [new ApiKeySecret { Hash = Hasher.Hash(secret), Hint = new ApiKeyFormat().GetHint(secret) }],
    };

    /// <summary>Sends a request with a key and returns status, headers and body as one text.</summary>
    public async Task<string> CallAsync(string? secret, string path = "/", string header = "X-API-Key")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation(header, secret);
        }

        using var response = await _client.SendAsync(request);
        return $"{(int)response.StatusCode} {response.Headers} {await response.Content.ReadAsStringAsync()}";
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        Metrics.Dispose();
        await _app.DisposeAsync();
    }
}
