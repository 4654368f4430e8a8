using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Cli.Imports;

/// <summary>Tests imports by the management API of a host.</summary>
internal sealed class HostImportTests
{
    private const int Count = 1_201;

    private readonly Lock _lock = new();
    private ToolHost _tool = null!;
    private WebApplication _app = null!;
    private int _calls;
    private int? _lastCall;

    [SetUp]
    public async Task CreateAsync()
    {
        _tool = new ToolHost();
        (_calls, _lastCall) = (0, null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuth(
            options => options.AcceptedFormats.Add(
                new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base64Url, MinLength = 20, MaxLength = 40 }))
            .AddInMemoryStore();
        _app = builder.Build();
        _app.Use(StopAfterTheLastCallAsync);
        _app.UseApiKeyAuth();
        _app.MapApiKeys().MapImport().RequireKeyScopes();
        _app.MapGet("/any", () => "ok").RequireAuthorization();
        await _app.StartAsync();
        await _tool.WriteAcceptedFormatsAsync();
        _tool.Variables["APIKEYAUTH_URL"] = _app.Urls.First();
        _tool.Variables["APIKEYAUTH_KEY"] = await IssueAsync("keys:read", "keys:write", "a:read");
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        await _app.DisposeAsync();
        _tool.Dispose();
    }

    [Test]
    public async Task Import_ManyKeys_StoresAllAndIsRepeated()
    {
        await WriteAsync(Enumerable.Range(0, Count).Select(index => $"Key {index},{Secret(index)},a:read"));

        var first = (await ImportAsync()).AssertSucceeded();
        var second = (await ImportAsync()).AssertSucceeded();

        Assert.That(first.Error, Does.StartWith($"Imported {Count} key(s) to http://"));
        Assert.That(second.Error, Does.StartWith("Imported 0 key(s) to ").And.Contain($" {Count} are there already."));
        Assert.That(await UseAsync(Secret(Count - 1)), Is.EqualTo(200));
        Assert.That(await UseAsync(Secret(Count)), Is.EqualTo(401));
    }

    [Test]
    public async Task Import_ConnectionIsLostInTheMiddle_IsRepeated()
    {
        await WriteAsync(Enumerable.Range(0, Count).Select(index => $"Key {index},{Secret(index)},a:read"));
        var checks = (await ImportAsync("--dry-run")).AssertSucceeded();
        _lastCall = _calls + _calls + 1;

        var lost = await ImportAsync();
        _lastCall = null;
        var again = (await ImportAsync()).AssertSucceeded();

        Assert.That(checks.Error, Does.StartWith($"Would import {Count} key(s)"));
        Assert.That(lost.ExitCode, Is.EqualTo(1));
        Assert.That(lost.Error, Does.Match("^error: [^\\n]+\\n$"));
        Assert.That(again.Error, Does.StartWith($"Imported {Count - 500} key(s) to ").And.Contain(" 500 are there already."));
    }

    [Test]
    public async Task Import_FaultyKeys_AreRowsAndOnlyPartialStoresTheOthers()
    {
        await WriteAsync([$"Good,{Secret(1)},a:read", $"Scope,{Secret(2)},b:write", $",{Secret(3)},a:read"]);

        var rejected = await ImportAsync();
        var stored = await UseAsync(Secret(1));
        var partial = await ImportAsync("--partial");

        Assert.That((rejected.ExitCode, stored), Is.EqualTo((1, 401)));
        Assert.That(
            rejected.Output,
            Does.Contain("\tScope\tThe caller does not have the scopes of the key: b:write\n").And.Contain("\tname "));
        Assert.That(rejected.Error, Is.EqualTo(
            "error: 2 of 3 keys are faulty, so nothing was imported. Correct them, or pass --partial.\n"));
        Assert.That(partial.Error, Does.StartWith("Imported 1 key(s) to "));
        Assert.That(await UseAsync(Secret(1)), Is.EqualTo(200));
        Assert.That(rejected.Output + partial.Output + partial.Error, Does.Not.Contain(Secret(1)).And.Not.Contain(Secret(2)));
    }

    [Test]
    public async Task Import_TenantOrId_IsFaulty()
    {
        await WriteAsync([$"Ada,{Secret(1)},a:read"]);

        var tenant = await ImportAsync("--tenant", "t1");
        await File.WriteAllTextAsync(_tool.PathOf("keys.csv"), $"id,name,key\nk1,Ada,{Secret(1)}\n");
        var id = await ImportAsync();

        Assert.That(tenant.Output, Does.Contain("has a tenant, and a host takes that of the caller's key"));
        Assert.That(id.Output, Does.Contain("has an ID, and a host gives each key a new one"));
    }

    [Test]
    public async Task Import_WithoutPermission_IsOneLine()
    {
        await WriteAsync([$"Ada,{Secret(1)},a:read"]);
        _tool.Variables["APIKEYAUTH_KEY"] = await IssueAsync("keys:read");

        (await ImportAsync()).AssertFailed(1, "API key lacks required scope: keys:write. Use a key with more rights.");
    }

    private static string Secret(int index) => $"sk-SyntheticKeySynthetic{index:D6}";

    private Task<ToolResult> ImportAsync(params string[] options) =>
        _tool.RunAsync(["keys", "import", "keys.csv", "--from", "csv", "--environment", "live", .. options]);

    private Task WriteAsync(IEnumerable<string> rows) =>
        File.WriteAllLinesAsync(_tool.PathOf("keys.csv"), rows.Prepend("name,key,scopes"));

    private async Task<string> IssueAsync(params string[] scopes)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var issued = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>().CreateAsync(
            ApiKeyCaller.System, new NewApiKey { Name = "Admin", Environment = "live", Scopes = scopes });
        return issued.Value!.Secret;
    }

    private async Task<int> UseAsync(string secret)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_app.Urls.First()}/any");
        request.Headers.Add("X-API-Key", secret);
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private Task StopAfterTheLastCallAsync(HttpContext context, RequestDelegate next)
    {
        lock (_lock)
        {
            if (context.Request.Path.Value!.EndsWith("/import", StringComparison.Ordinal) && ++_calls > _lastCall)
            {
                context.Abort();
                return Task.CompletedTask;
            }
        }

        return next(context);
    }
}
