using ApiKeyAuth.Keys;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests <c>doctor</c>: what is wrong and weak in the settings of an app, as its host would report it.</summary>
internal sealed class DoctorCommandTests
{
    private ToolHost _tool = null!;

    [SetUp]
    public void Create() => _tool = new ToolHost();

    [TearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Doctor_GoodSettings_FindsNothing()
    {
        await WriteAsync("appsettings.json", $$"""
            {
              "ApiKeyAuth": {
                "Scopes": [ "agents:read" ],
                "Keys": { "a": { "Hash": "{{Hash()}}", "Scopes": [ "agents:read" ], "ExpiresAt": "2099-12-31" } }
              }
            }
            """);

        Assert.That((await _tool.RunAsync("doctor", "appsettings.json")).AssertSucceeded().Output, Is.Empty);
    }

    [Test]
    public async Task Doctor_WrongSettings_WritesTheWordsOfTheStartupCheck()
    {
        await WriteAsync("appsettings.json", """
            {
              "ApiKeyAuth": {
                "Format": { "SecretBytes": 4 },
                "Cache": { "KnownKeyLifetime": "soon" },
                "Keys": { "a": { "Hash": "md5:1" } },
                "Kyes": {}
              }
            }
            """);

        var result = await _tool.RunAsync("doctor");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Is.Empty);
        Assert.That(result.Lines, Is.EqualTo(new[]
        {
            "wrong\tApiKeyAuth:Cache:KnownKeyLifetime must be a duration such as 500ms, 2s, 5m, 1h, 30d or 00:00:02.",
            "wrong\tApiKeyAuth:Kyes is not a setting. ApiKeyAuth has the settings AcceptUnpepperedHashes, AcceptedFormats, Alerts, "
                + "Backplane, Cache, Errors, Format, HashAlgorithms, Keys, LeakReports, Management, Peppers, RateLimiting, Schemes, Scopes, "
                + "Usage.",
            "wrong\tApiKeyAuth:Format:SecretBytes is out of range: use 16 to 64 bytes (128 to 512 bits). The default is 32.",
            "wrong\tApiKeyAuth:Keys:a:Hash is not a hash; write \"sha256:\" and the SHA-256 of the whole key as 64 hexadecimal digits, "
                + "Base64 or Base64url.",
        }));
    }

    [Test]
    public async Task Doctor_LayersOfTheEnvironment_AreReadAsByAHost()
    {
        await WriteAsync("appsettings.json", $$"""
            { "ApiKeyAuth": { "Scopes": [ "a" ], "Keys": { "a": { "Hash": "{{Hash()}}", "ExpiresAt": "2099-12-31" } } } }
            """);
        await WriteAsync("appsettings.Staging.json", """{ "ApiKeyAuth": { "Keys": { "a": { "Scopes": [ "missing" ] } } } }""");

        (await _tool.RunAsync("doctor", "appsettings.json")).AssertSucceeded();
        var result = await _tool.RunAsync("doctor", "appsettings.json", "--environment", "Staging");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Lines.Single(), Does.StartWith("wrong\tApiKeyAuth:Keys:a:Scopes:0 ").And.Contain("missing"));
    }

    [Test]
    public async Task Doctor_WeakSettings_SucceedsAndWritesWhatIsBetter()
    {
        var key = new ApiKeyFormat { Checksum = false, SecretBytes = 16 }.Generate("live");
        await WriteAsync("appsettings.json", $$"""
            {
              "ApiKeyAuth": {
                "Format": { "Checksum": false, "SecretBytes": 16 },
                "Peppers": [ { "Id": "p1", "Secret": "{{Convert.ToBase64String(new byte[32])}}" } ],
                "AcceptUnpepperedHashes": true,
                "Keys": { "a": { "Hash": "{{Hash()}}", "Scopes": [ "*" ] } }
              },
              "Partner": "{{key}}"
            }
            """);

        var result = (await _tool.RunAsync("doctor", "--json", "level,text")).AssertSucceeded();

        Assert.That(result.Output, Does.Not.Contain(key).And.Not.Contain("\"wrong\""));
        string[] expected =
        [
            "ApiKeyAuth:Format:Checksum is false, so a mistyped key costs a lookup and scanners find look-alikes; remove it.",
            "ApiKeyAuth:Format:SecretBytes is below the default of 32; remove it.",
            "ApiKeyAuth:Scopes is empty, so a misspelled scope of a key is not found; list the scopes of the app.",
            "appsettings.json contains a key in plain text; replace the key, and write its hash.",
            "ApiKeyAuth:Peppers:0:Secret is in appsettings.json; read it from an environment variable or a secret store.",
            "ApiKeyAuth:Keys:a:Scopes has '*', which grants everything, also scopes that are added later; list the scopes that it uses.",
            "ApiKeyAuth:Keys:a:ExpiresAt is missing, so the key is valid until it is removed; set a date.",
        ];
        foreach (var text in expected)
        {
            Assert.That(result.Output, Does.Contain($$"""{"level":"weak","text":"{{text}}"}"""));
        }
    }

    [Test]
    public async Task Doctor_MissingOrBrokenFile_IsOneLine()
    {
        (await _tool.RunAsync("doctor", "none.json")).AssertFailed(
            1, "The file none.json does not exist. Pass the path of the app's appsettings.json.");

        await WriteAsync("broken.json", "{ \"a\": ");
        var broken = await _tool.RunAsync("doctor", "broken.json");
        Assert.That(broken.ExitCode, Is.EqualTo(1));
        Assert.That(broken.Error, Does.StartWith("error: Failed to load configuration from file").And.EndWith("Correct the file.\n"));
    }

    private static string Hash() => new ApiKeyHasher([]).Hash(new ApiKeyFormat().Generate("live")).Format();

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(_tool.PathOf(name), text);
}
