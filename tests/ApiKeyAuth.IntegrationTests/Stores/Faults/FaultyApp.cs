using System.Diagnostics;
using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Stores.Faults;

/// <summary>Represents an app on Kestrel whose database fails while it is called. Its keys are not cached.</summary>
internal sealed class FaultyApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private FaultyApp(WebApplication app, LogCapture log, bool multiplexes)
    {
        (_app, Log) = (app, log);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true })
        {
            BaseAddress = new Uri(app.Urls.First()),
            Timeout = TimeSpan.FromMinutes(2),
            DefaultRequestVersion = multiplexes ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Gets the warnings that the app logs.</summary>
    public LogCapture Log { get; }

    /// <summary>Starts an app. With HTTP/2, it accepts more concurrent calls than a process can open connections.</summary>
    public static async Task<FaultyApp> StartAsync(Action<ApiKeyAuthBuilder> addStore, TimeProvider? clock = null, bool multiplexes = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var log = new LogCapture();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (multiplexes)
        {
            builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        }

        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        addStore(builder.Services.AddApiKeyAuth());
        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/in", () => "in").RequireScope("read");
        app.MapApiKeys("/api-keys").RequireKeyScopes();
        await app.StartAsync();
        return new FaultyApp(app, log, multiplexes);
    }

    /// <summary>Creates keys that are not cached.</summary>
    /// <returns>The IDs and secrets of the keys.</returns>
    public async Task<(string Id, string Secret)[]> IssueAsync(int count, params string[] scopes)
    {
        await using var scope = Services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
        var issued = new (string, string)[count];
        for (var index = 0; index < count; index++)
        {
            var made = await keys.CreateAsync(ApiKeyCaller.System, new NewApiKey { Name = $"{index}", Scopes = scopes });
            Assert.That(made.Succeeded, made.Problem?.Message);
            issued[index] = (made.Value!.Key.Id, made.Value.Secret);
        }

        return issued;
    }

    public Task<ApiKey?> ReadAsync(string id) => WithStoreAsync(store => store.GetAsync(id, default));

    public Task<IReadOnlyList<ApiKeyAuditEntry>> ReadAuditAsync() =>
        WithStoreAsync(store => store.ListAuditAsync(new() { Limit = 100_000, AllTenants = true }, default));

    public async Task<HttpStatusCode> CallAsync(string secret, HttpMethod? method = null, string path = "/in", string? body = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path)
        {
            Version = _client.DefaultRequestVersion,
            VersionPolicy = _client.DefaultVersionPolicy,
        };
        request.Headers.Add("X-API-Key", secret);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Calls the app with all keys concurrently.</summary>
    /// <returns>The number of responses with each status, and the longest duration.</returns>
    public async Task<(Dictionary<HttpStatusCode, int> Answers, TimeSpan Longest)> CallWithAllAsync(
        IEnumerable<(string Id, string Secret)> keys)
    {
        var answers = await Task.WhenAll(keys.Select(async key =>
        {
            var started = Stopwatch.GetTimestamp();
            var status = await CallAsync(key.Secret);
            return (Status: status, Took: Stopwatch.GetElapsedTime(started));
        }));
        return (answers.CountBy(answer => answer.Status).ToDictionary(), answers.Max(answer => answer.Took));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<T> WithStoreAsync<T>(Func<IWritableApiKeyStore, ValueTask<T>> read)
    {
        await using var scope = Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<IWritableApiKeyStore>());
    }
}
