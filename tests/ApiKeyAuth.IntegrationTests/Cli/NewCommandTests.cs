using System.Text.Json.Nodes;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests <c>new</c>: a key and its entry in the settings.</summary>
internal sealed class NewCommandTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private ToolHost _tool = null!;

    [SetUp]
    public void Create() => _tool = new ToolHost { Clock = new FakeTimeProvider(Now) };

    [TearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task New_WithoutSettings_WritesAKeyOfTheDefaultFormatAndItsEntry()
    {
        var result = (await _tool.RunAsync(
            "new", "--name", "Billing", "--id", "billing", "--scope", "invoices:read", "--rate-limit", "60/minute", "--expires", "90d"))
            .AssertSucceeded();

        var secret = result.Lines[0];
        Assert.That(new ApiKeyFormat().TryParse(secret, out var parsed));
        Assert.That(parsed.Environment, Is.EqualTo("live"));
        Assert.That(string.Join('\n', result.Lines[1..]), Is.EqualTo($$"""
            {
              "ApiKeyAuth": {
                "Keys": {
                  "billing": {
                    "Name": "Billing",
                    "Environment": "live",
                    "Hash": "{{new ApiKeyHasher([]).Hash(secret).Format()}}",
                    "Scopes": [
                      "invoices:read"
                    ],
                    "RateLimits": "60/minute",
                    "ExpiresAt": "2027-04-10T12:00:00Z"
                  }
                }
              }
            }
            """));
        Assert.That(
            result.Error,
            Is.EqualTo("Copy the key: it is not stored and cannot be shown again. Add this entry to appsettings.json:\n"));
    }

    [Test]
    public async Task New_Entry_AuthenticatesInAnAppAndAnotherKeyDoesNot()
    {
        using var host = new ToolHost();
        var result = (await host.RunAsync("new", "--name", "Billing", "--scope", "invoices:read", "--expires", "90d")).AssertSucceeded();
        await File.WriteAllLinesAsync(host.PathOf("appsettings.json"), result.Lines[1..]);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = host.Folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddApiKeyAuth();
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "ok").RequireScope("invoices:read");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.That(await SendAsync(client, result.Lines[0]), Is.EqualTo(200));
        Assert.That(await SendAsync(client, new ApiKeyFormat().Generate("live")), Is.EqualTo(401));
    }

    [Test]
    public async Task New_WithSettings_UsesTheirFormatPepperAndScopes()
    {
        await WriteSettingsAsync();

        var result = (await _tool.RunAsync(
            "new", "--name", "Agent", "--scope", "agents:*", "-e", "prod", "--settings", "appsettings.json", "--json", "key,hash"))
            .AssertSucceeded();

        var record = JsonNode.Parse(result.Output)!;
        Assert.That((string?)record["key"], Does.StartWith("acme_prod_"));
        Assert.That((string?)record["hash"], Does.StartWith("hmac-sha256:p1:"));
        Assert.That(result.Output.Trim(), Does.Not.Contain('\n'), "a pipe gets one line");
    }

    [Test]
    public async Task New_OutputFile_HoldsTheKeyForItsOwnerOnly()
    {
        var result = (await _tool.RunAsync("new", "--name", "Billing", "--output-file", "billing.key")).AssertSucceeded();

        var path = _tool.PathOf("billing.key");
        var secret = (await File.ReadAllTextAsync(path)).TrimEnd();
        Assert.That(new ApiKeyFormat().TryParse(secret, out _));
        Assert.That(result.Output + result.Error, Does.Not.Contain(secret));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }

        (await _tool.RunAsync("new", "--name", "Billing", "--output-file", "billing.key")).AssertFailed(
            1, $"The file {path} exists and is not overwritten. Choose another file, or delete it.");
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(secret + "\n"));
    }

    [TestCase(
        "--name x --scope agents:raed",
        "The app has no scope 'agents:raed'. Did you mean 'agents:read'? Scopes: agents:read, agents:write.")]
    [TestCase("--name x --scope a:b:c!", "--scope must be a scope such as invoices:read, a word, or a wildcard such as invoices:*.")]
    [TestCase("--name x --environment live", "--environment must be one of prod, test.")]
    [TestCase("--name x --expires 2026-12-31", "--expires is in the past. Choose a later time.")]
    [TestCase("--name x --expires soon", "--expires must be a number of days (90d), a date (2027-12-31) or a time (2027-12-31T10:00:00Z).")]
    [TestCase("--name x --rate-limit fast", "--rate-limit must be a limit such as 60/minute, or several separated by commas.")]
    [TestCase("--name x --id 123", "--id must be 1 to 200 of the characters A-Z a-z 0-9 . _ - and not digits only.")]
    public async Task New_InvalidValue_EndsWithOneLineAndExitCode2(string arguments, string message)
    {
        await WriteSettingsAsync();

        (await _tool.RunAsync(["new", .. arguments.Split(' ')])).AssertFailed(2, message);
    }

    [Test]
    public async Task New_KeyAsName_IsNotEchoed() =>
        (await _tool.RunAsync("new", "--name", new ApiKeyFormat().Generate("live"))).AssertFailed(
            2, "--name or --id contains a key, which logs would show. Choose another, and replace that key.");

    [Test]
    public async Task New_MissingOrInvalidSettings_NamesTheFile()
    {
        (await _tool.RunAsync("new", "--name", "x", "--settings", "none.json")).AssertFailed(
            1, "The file none.json does not exist. Pass the path of the app's appsettings.json.");

        var path = _tool.PathOf("appsettings.json");
        await File.WriteAllTextAsync(path, """{ "ApiKeyAuth": { "Format": { "SecretBytes": 4 } } }""");
        (await _tool.RunAsync("new", "--name", "x")).AssertFailed(
            1,
            $"The settings in {path} are not valid: ApiKeyAuth:Format:SecretBytes is out of range: use 16 to 64 bytes (128 to 512 bits). "
            + $"The default is 32. Run 'apikeyauth doctor {path}' for all problems.");
    }

    private Task WriteSettingsAsync() => File.WriteAllTextAsync(_tool.PathOf("appsettings.json"), $$"""
        {
          "ApiKeyAuth": {
            "Format": { "Prefix": "acme", "Environments": [ "prod", "test" ] },
            "Scopes": [ "agents:read", "agents:write" ],
            "Peppers": [ { "Id": "p1", "Secret": "{{Convert.ToBase64String(new byte[32])}}" } ]
          }
        }
        """);

    private static async Task<int> SendAsync(HttpClient client, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-API-Key", secret);
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
