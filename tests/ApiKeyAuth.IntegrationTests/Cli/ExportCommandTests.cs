using System.Text.Json.Nodes;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests the command <c>keys export</c>, and that <c>keys import</c> reads what it writes.</summary>
internal sealed class ExportCommandTests
{
    private ToolHost _tool = null!;
    private KeysDatabase _database = null!;
    private IssuedApiKey _ada = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _tool = new ToolHost();
        _database = await KeysDatabase.CreateSqliteAsync();
        _tool.Variables["APIKEYAUTH_CONNECTION"] = _database.ConnectionString;
        _ada = await _database.IssueAsync(new NewApiKey
        {
            Name = "=Ada, \"the first\"",
            OwnerId = "ada",
            TenantId = "acme",
            Scopes = ["a:read", "a:write"],
            RateLimits = RateLimit.ParseList("60/minute;1000/15 minutes"),
            Networks = [System.Net.IPNetwork.Parse("203.0.113.0/24")],
            Audiences = ["https://example.com/a,b"],
            Metadata = new Dictionary<string, string> { ["team"] = "ö \"x\"" },
            ExpiresAt = ApiKeyExpiry.Parse("2099-12-31", null),
            ExpiresAfterIdleDays = 30,
        });
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        await _database.DisposeAsync();
        _tool.Dispose();
    }

    [TestCase("json")]
    [TestCase("csv")]
    public async Task Export_WithHashes_IsReadByTheImportOfAnotherDatabase(string format)
    {
        await _database.IssueAsync(new NewApiKey { Name = "Bo" });
        var disabled = await _database.IssueAsync(new NewApiKey { Name = "Cy" });
        (await _tool.RunAsync("keys", "disable", disabled.Key.Id)).AssertSucceeded();
        var before = await ListAsync();
        (await _tool.RunAsync("keys", "export", "--to", format, "--include-hashes", "-o", "keys.txt")).AssertSucceeded();
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(
                File.GetUnixFileMode(_tool.PathOf("keys.txt")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }

        await using var other = await KeysDatabase.CreateSqliteAsync();
        _tool.Variables["APIKEYAUTH_CONNECTION"] = other.ConnectionString;
        (await _tool.RunAsync("keys", "import", "keys.txt", "--from", format)).AssertSucceeded();

        Assert.That(await ListAsync(), Is.EqualTo(before));
        (await _tool.RunWithInputAsync(_ada.Secret, "keys", "verify")).AssertSucceeded();
        Assert.That((await _tool.RunWithInputAsync(disabled.Secret, "keys", "verify")).ExitCode, Is.EqualTo(1));
    }

    [TestCase("json")]
    [TestCase("csv")]
    [TestCase("aws")]
    public async Task Export_WithoutTheFlag_HasNoSecretAndNoHash(string format)
    {
        var result = (await _tool.RunAsync("keys", "export", "--to", format)).AssertSucceeded();

        Assert.That(result.Output, Does.Contain("Ada").And.Not.Contain(_ada.Secret));
        Assert.That(result.Output, Does.Not.Contain("sha256").And.Not.Contain(Convert.ToHexStringLower(_ada.Key.Secrets[0].Hash.Digest)));
        Assert.That(result.Error, Does.StartWith("Exported 1 key(s) without secrets."));
    }

    [Test]
    public async Task Export_Aws_IsItsCsvWithoutKeys()
    {
        var result = (await _tool.RunAsync("keys", "export", "--to", "aws")).AssertSucceeded();

        Assert.That(result.Output, Is.EqualTo(
            "Name,Key,Description,Enabled,UsagePlanIds\n\"'=Ada, \"\"the first\"\"\",," + _ada.Key.Id + ",TRUE,\n"));
        Assert.That(result.Error, Does.Contain("API Gateway needs the keys"));
    }

    [Test]
    public async Task Export_EndedKeys_AreLeftOutUnlessAll()
    {
        (await _tool.RunAsync("keys", "revoke", _ada.Key.Id, "--yes")).AssertSucceeded();

        Assert.That((await _tool.RunAsync("keys", "export", "--to", "json")).AssertSucceeded().Output, Is.EqualTo("[]\n"));
        var all = (await _tool.RunAsync("keys", "export", "--to", "json", "--all")).AssertSucceeded();
        Assert.That(JsonNode.Parse(all.Output)!.AsArray(), Has.Count.EqualTo(1));
        await File.WriteAllTextAsync(_tool.PathOf("all.json"), all.Output);
        var imported = (await _tool.RunAsync("keys", "import", "all.json", "--from", "json")).AssertSucceeded();
        Assert.That(imported.Output, Does.EndWith("\tis revoked\n"));
    }

    [Test]
    public async Task Export_WrongCombination_IsOneLine()
    {
        (await _tool.RunAsync("keys", "export", "--to", "aws", "--include-hashes")).AssertFailed(
            2, "API Gateway takes no hashes. Remove --include-hashes, or choose --to json or csv.");
        await File.WriteAllTextAsync(_tool.PathOf("mine.json"), "mine");
        (await _tool.RunAsync("keys", "export", "--to", "json", "-o", "mine.json")).AssertFailed(
            1, $"The file {_tool.PathOf("mine.json")} exists and is not overwritten. Choose another file, or delete it.");
        Assert.That(await File.ReadAllTextAsync(_tool.PathOf("mine.json")), Is.EqualTo("mine"));
    }

    private async Task<string> ListAsync()
    {
        var keys = JsonNode.Parse((await _tool.RunAsync("keys", "list", "--json", "*")).AssertSucceeded().Output)!.AsArray();
        foreach (var key in keys)
        {
            // Secrets have no creation time of their own after an import, and both databases are changed by the system.
            key!.AsObject().Remove("secrets");
            key.AsObject().Remove("createdBy");
        }

        return string.Join('\n', keys.Select(key => key!.ToJsonString()).Order(StringComparer.Ordinal));
    }
}
