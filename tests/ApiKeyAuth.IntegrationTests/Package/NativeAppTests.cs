using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>
/// Publishes an app that uses the packages for native code (core, OpenApi and Redis) with PublishAot and warnings as errors, and calls it.
/// </summary>
[Category("Long")]
internal sealed class NativeAppTests
{
    private static readonly string Admin = "sk_live_" + new string('k', 43);
    private string? _folder;
    private RunningProcess? _app;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task PublishAsync()
    {
        Installed.Find("clang", "clang zlib1g-dev");
        Installed.Find("zlib.h", "zlib1g-dev", "/usr/include");
        _folder = Directory.CreateTempSubdirectory("native-").FullName;
        WriteApp(_folder, await Packages.FolderAsync());
        await DotNet.RunAsync(["publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", "out"], _folder);
        _app = new RunningProcess(Path.Combine(_folder, "out", "App"), ["--urls", "http://127.0.0.1:0"], _folder);
        _client = new HttpClient { BaseAddress = new Uri((await _app.WaitForAsync("Now listening on: ")).Trim()) };
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (_app is not null)
        {
            _client.Dispose();
            await _app.DisposeAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public async Task NativeApp_KeyMadeAndUsed_IsScopedLimitedAndEnded()
    {
        var key = await CreateAsync(
            """{"name":"CI","scopes":["agents:read"],"rateLimits":["2/hour"],"networks":["127.0.0.0/8","::1/128"],"metadata":{"a":"b"}}""");
        var (id, secret) = (key.GetProperty("id").GetString(), key.GetProperty("key").GetString());

        Assert.That(await CallAsync("/agents", null), Is.EqualTo((HttpStatusCode.Unauthorized, "missing_api_key")));
        Assert.That(
            await CallAsync("/agents", "sk_live_" + new string('x', 43)), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid_api_key")));
        Assert.That(await CallAsync("/admin", secret), Is.EqualTo((HttpStatusCode.Forbidden, "insufficient_scope")));
        Assert.That(await CallAsync("/agents", secret), Is.EqualTo((HttpStatusCode.OK, (string?)null)));
        Assert.That(await CallAsync("/agents", secret), Is.EqualTo((HttpStatusCode.OK, (string?)null)));
        Assert.That(await CallAsync("/agents", secret), Is.EqualTo((HttpStatusCode.TooManyRequests, "rate_limit_exceeded")));
        using var revoked = await SendAsync(HttpMethod.Post, $"/api-keys/{id}/revoke", Admin, null);
        Assert.That(revoked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await CallAsync("/agents", secret), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid_api_key")));
    }

    [Test]
    public async Task NativeApp_EveryKindOfBody_IsReadAndWritten()
    {
        var id = (await CreateAsync("""{"name":"n","scopes":["agents:read"]}""")).GetProperty("id").GetString();
        (HttpMethod Method, string Path, string? Body, int Status)[] calls =
        [
            (HttpMethod.Get, $"/api-keys/{id}", null, 200),
            (HttpMethod.Get, "/api-keys?total=true", null, 200),
            (HttpMethod.Patch, $"/api-keys/{id}", """{"name":"renamed","expiresAt":"2999-12-31"}""", 200),
            (HttpMethod.Post, $"/api-keys/{id}/rotate", """{"graceSeconds":60}""", 200),
            (HttpMethod.Get, $"/api-keys/{id}/audit", null, 200),
            (HttpMethod.Post, "/api-keys/verify", $$"""{"key":"{{Admin}}"}""", 200),
            (HttpMethod.Post, "/api-keys/revoke-leaked", $$"""{"key":"sk_live_{{new string('y', 43)}}"}""", 204),
            (HttpMethod.Post, "/api-keys", """{"name":"","hash":1}""", 400),
            (HttpMethod.Delete, $"/api-keys/{id}", null, 204),
        ];
        foreach (var (method, path, body, status) in calls)
        {
            using var answer = await SendAsync(method, path, Admin, body);
            Assert.That(
                (int)answer.StatusCode, Is.EqualTo(status), $"{method} {path}: {await answer.Content.ReadAsStringAsync()}\n{_app!.Output}");
        }
    }

    [Test]
    public async Task NativeApp_Document_DescribesTheKeys()
    {
        var document = await _client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        Assert.That(
            document.GetProperty("paths").GetProperty("/agents").GetProperty("get").GetProperty("x-required-scopes")[0].GetString(),
            Is.EqualTo("agents:read"));
    }

    [Test]
    public async Task NativeApp_WithRedis_LimitsAKeyForAllNodes()
    {
        await using var redis = await RedisServer.StartAsync();
        string[] arguments =
            ["--urls", "http://127.0.0.1:0", "--Redis", redis.ConnectionString, "--ApiKeyAuth:RateLimiting:Default", "2/hour"];
        await using var first = new RunningProcess(Path.Combine(_folder!, "out", "App"), arguments, _folder!);
        await using var second = new RunningProcess(Path.Combine(_folder!, "out", "App"), arguments, _folder!);
        string[] nodes = [await AddressAsync(first), await AddressAsync(second), await AddressAsync(first)];
        var statuses = new List<HttpStatusCode>();
        foreach (var node in nodes)
        {
            using var answer = await SendAsync(HttpMethod.Get, $"{node}/agents", Admin, null);
            statuses.Add(answer.StatusCode);
        }

        Assert.That(statuses, Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));

        static async Task<string> AddressAsync(RunningProcess process) => (await process.WaitForAsync("Now listening on: ")).Trim();
    }

    private static void WriteApp(string folder, string packages)
    {
        File.WriteAllText(Path.Combine(folder, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <PublishAot>true</PublishAot>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
                <RestoreAdditionalProjectSources>{packages}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ApiKeyAuth.OpenApi" Version="{Packages.Version}" />
                <PackageReference Include="ApiKeyAuth.Redis" Version="{Packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            using System.Text.Json.Serialization;

            var builder = WebApplication.CreateSlimBuilder(args);
            var keys = builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddInMemoryStore();
            if (builder.Configuration["Redis"] is { } redis)
            {
                keys.AddRedis(redis);
            }

            builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, AppJson.Default));
            builder.Services.AddOpenApi(options => options.AddApiKeyAuth());
            var app = builder.Build();
            app.UseApiKeyAuth();
            app.MapOpenApi();
            app.MapGet("/agents", () => "ok").RequireScope("agents:read");
            app.MapGet("/admin", () => "ok").RequireScope("admin");
            app.MapApiKeys("/api-keys").RequireKeyScopes();
            app.Run();

            [JsonSerializable(typeof(string))]
            internal sealed partial class AppJson : JsonSerializerContext;
            """);
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), $$"""
            {
              "ApiKeyAuth": {
                "Format": { "Prefix": "sk", "Checksum": false },
                "Keys": [ {
                  "Id": "key_admin",
                  "Environment": "live",
                  "Hash": "sha256:{{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Admin)))}}",
                  "Scopes": [ "*" ]
                } ]
              }
            }
            """);
    }

    private async Task<JsonElement> CreateAsync(string body)
    {
        using var made = await SendAsync(HttpMethod.Post, "/api-keys", Admin, body);
        Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.Created), await made.Content.ReadAsStringAsync());
        return await made.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<(HttpStatusCode Status, string? Code)> CallAsync(string path, string? secret)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, secret, null);
        return (
            answer.StatusCode,
            answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? secret, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (secret is not null)
        {
            request.Headers.Add("X-API-Key", secret);
        }

        if (body is not null)
        {
            request.Content = new StringContent(
                body, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        return await _client.SendAsync(request);
    }
}
