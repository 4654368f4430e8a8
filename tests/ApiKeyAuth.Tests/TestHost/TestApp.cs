using System.Net.Sockets;
using System.Text;
using ApiKeyAuth.Caching;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.TestHost;

/// <summary>
/// Represents an app with API keys on Kestrel. All log entries are captured, and the clock does not advance unless another one is passed.
/// </summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _issued;

    private TestApp(WebApplication app, LogCapture logs)
    {
        (_app, Logs) = (app, logs);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    public HttpClient Client { get; }

    public LogCapture Logs { get; }

    public IServiceProvider Services => _app.Services;

    public FakeTimeProvider Clock => (FakeTimeProvider)Services.GetRequiredService<TimeProvider>();

    public InMemoryApiKeyStore Store => Services.GetRequiredService<InMemoryApiKeyStore>();

    /// <summary>Starts an app. The default store is in memory.</summary>
    public static async Task<TestApp> StartAsync(
        Action<WebApplication> endpoints,
        Action<ApiKeyAuthOptions>? options = null,
        Action<ApiKeyAuthBuilder>? keys = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? before = null,
        IApiKeyStore? store = null,
        TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        var logs = new LogCapture();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(clock ?? new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        services?.Invoke(builder.Services);
        var auth = builder.Services.AddApiKeyAuth(options ?? (static _ => { }));
        _ = store is null ? auth.AddInMemoryStore().Services : auth.Services.AddSingleton(store);
        keys?.Invoke(auth);
        var app = builder.Build();
        before?.Invoke(app);
        app.UseApiKeyAuth();
        endpoints(app);
        try
        {
            await app.StartAsync();
            return new TestApp(app, logs);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public static ScopeSet Scopes(params string[] scopes) => ScopeSet.Create(scopes);

    /// <summary>
    /// Issues a key with the ID <c>key1</c>, <c>key2</c> and so on, which <paramref name="with"/> may change. Returns its secret.
    /// </summary>
    public async Task<string> IssueAsync(Func<ApiKey, ApiKey>? with = null, string environment = "test")
    {
        var secret = NewSecret(environment);
        var key = new ApiKey { Id = $"key{++_issued}", Name = "a name", Environment = environment, Secrets = [Hashed(secret)] };
        key = with is null ? key : with(key);
        Assert.That(await Store.AddAsync(key, [], Entry(key.Id), CancellationToken.None), Is.EqualTo(ApiKeyAddResult.Added));
        return secret;
    }

    /// <summary>Creates a well-formed secret that belongs to no key.</summary>
    public string NewSecret(string environment = "test") =>
        Services.GetRequiredService<ApiKeyFormats>().Issuing.Generate(environment);

    public ApiKeySecret Hashed(string secret) =>
        new() { Hash = Services.GetRequiredService<ApiKeyHasher>().Hash(secret), Hint = secret[^4..] };

    /// <summary>Changes a key like the manager. If <paramref name="with"/> is null, the key is deleted.</summary>
    public async Task ChangeAsync(Func<ApiKey, ApiKey>? with, string id = "key1")
    {
        var key = await Store.GetAsync(id, CancellationToken.None);
        Assert.That(await (with is null
            ? Store.TryDeleteAsync(key!, Entry(id), CancellationToken.None)
            : Store.TryUpdateAsync(with(key!), Entry(id), CancellationToken.None)));
        Services.GetRequiredService<IApiKeyCache>().Invalidate(id);
    }

    /// <summary>Sends a GET with a key in <c>X-API-Key</c>, a token in <c>Authorization: Bearer</c>, both or neither.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, string? key = null, string? bearer = null) => SendAsync(
        path,
        [
            .. key is null ? [] : new[] { ("X-API-Key", key) },
            .. bearer is null ? [] : new[] { ("Authorization", "Bearer " + bearer) },
        ]);

    public async Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            Assert.That(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Sends a GET whose target and headers are written as they are (Latin-1). Returns the whole response.</summary>
    public async Task<string> SendRawAsync(string target, params string[] headerLines)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port);
        var lines = string.Concat(headerLines.Select(line => line + "\r\n"));
        await socket.GetStream().WriteAsync(
            Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{lines}\r\n"));
        using var reader = new StreamReader(socket.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    private ApiKeyAuditEntry Entry(string keyId) =>
        AuditEntries.Create(keyId, Services.GetRequiredService<TimeProvider>().GetUtcNow());

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
