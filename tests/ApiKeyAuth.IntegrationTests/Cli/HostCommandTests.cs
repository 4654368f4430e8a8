using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests the commands <c>keys</c> and <c>profile</c> against the management API of a host.</summary>
internal sealed class HostCommandTests
{
    private ToolHost _tool = null!;
    private WebApplication _app = null!;
    private string _admin = "";
    private string _reader = "";

    [SetUp]
    public async Task CreateAsync()
    {
        _tool = new ToolHost();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuth().AddInMemoryStore();
        _app = builder.Build();
        _app.UseApiKeyAuth();
        _app.MapApiKeys().RequireKeyScopes();
        await _app.StartAsync();
        _admin = await IssueAsync("Admin", "*");
        _reader = await IssueAsync("Reader", "keys:read");
        _tool.Variables["APIKEYAUTH_URL"] = _app.Urls.First();
        _tool.Variables["APIKEYAUTH_KEY"] = _admin;
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        await _app.DisposeAsync();
        _tool.Dispose();
    }

    [Test]
    public async Task Keys_EachCommand_WorksByTheApi()
    {
        var secret = (await _tool.RunAsync(
            "keys", "create", "--name", "Billing", "--scope", "invoices:read", "--environment", "live", "--expires", "30d"))
            .AssertSucceeded().Lines.Single();
        var id = (await _tool.RunAsync("keys", "list", "--name", "Billing")).AssertSucceeded().Output.Split('\t')[0];

        (await _tool.RunWithInputAsync(secret, "keys", "verify")).AssertSucceeded();
        (await _tool.RunAsync("keys", "update", id, "--name", "Invoices")).AssertSucceeded();
        Assert.That(await ShowAsync(id, "name,scopes"), Is.EqualTo("""{"name":"Invoices","scopes":["invoices:read"]}"""));
        var rotated = (await _tool.RunAsync("keys", "rotate", id, "--grace", "0s")).AssertSucceeded().Lines.Single();
        Assert.That((await _tool.RunWithInputAsync(secret, "keys", "verify")).ExitCode, Is.EqualTo(1));
        (await _tool.RunWithInputAsync(rotated, "keys", "verify")).AssertSucceeded();
        (await _tool.RunAsync("keys", "disable", id)).AssertSucceeded();
        (await _tool.RunAsync("keys", "enable", id)).AssertSucceeded();
        (await _tool.RunAsync("keys", "revoke", id, "--reason", "over", "--yes")).AssertSucceeded();
        Assert.That(await ShowAsync(id, "status,revocationReason"), Is.EqualTo("""{"status":"revoked","revocationReason":"over"}"""));
        Assert.That((await _tool.RunAsync("audit", id)).AssertSucceeded().Lines, Has.Length.EqualTo(6));
        (await _tool.RunAsync("usage", id)).AssertSucceeded();
        (await _tool.RunAsync("keys", "delete", id, "--yes")).AssertSucceeded();
        Assert.That((await _tool.RunAsync("keys", "show", id)).ExitCode, Is.EqualTo(1));
        Assert.That((await _tool.RunAsync("whoami", "--json", "name,valid")).AssertSucceeded().Output, Is.EqualTo(
            """{"name":"Admin","valid":true}""" + "\n"));
    }

    [Test]
    public async Task Rotate_CompletedOrCanceled_WorksByTheApi()
    {
        var old = (await _tool.RunAsync("keys", "create", "--name", "Billing", "--environment", "live")).AssertSucceeded().Lines.Single();
        var id = (await _tool.RunAsync("keys", "list", "--name", "Billing")).Output.Split('\t')[0];

        var dropped = (await _tool.RunAsync("keys", "rotate", id, "--grace", "1h")).AssertSucceeded().Lines.Single();
        (await _tool.RunAsync("keys", "cancel", id, "--yes")).AssertSucceeded();
        Assert.That((await _tool.RunWithInputAsync(dropped, "keys", "verify")).ExitCode, Is.EqualTo(1));
        (await _tool.RunWithInputAsync(old, "keys", "verify")).AssertSucceeded();

        var current = (await _tool.RunAsync("keys", "rotate", id, "--grace", "1h")).AssertSucceeded().Lines.Single();
        (await _tool.RunAsync("keys", "complete", id, "--yes")).AssertSucceeded();
        Assert.That((await _tool.RunWithInputAsync(old, "keys", "verify")).ExitCode, Is.EqualTo(1));
        (await _tool.RunWithInputAsync(current, "keys", "verify")).AssertSucceeded();
    }

    [Test]
    public async Task RotateDue_KeysOfAHost_DeliversNewSecretsAndCancelsFailures()
    {
        var old = await IssueAsync("Billing", "invoices:read", "ada");
        var id = (await _tool.RunAsync("keys", "list", "--name", "Billing")).Output.Split('\t')[0];
        using var later = new ToolHost { Clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(91)) };
        later.Variables["APIKEYAUTH_URL"] = _app.Urls.First();
        later.Variables["APIKEYAUTH_KEY"] = _admin;
        string[] rotate = ["rotate-due", "--max-age", "90d", "--owner", "ada"];

        Assert.That((await later.RunAsync([.. rotate, "--deliver", "exit 1"])).ExitCode, Is.EqualTo(1));
        Assert.That(await ShowAsync(id, "hint"), Is.EqualTo($$"""{"hint":"{{old[^4..]}}"}"""));

        (await later.RunAsync([.. rotate, "--output-dir", "out"])).AssertSucceeded();
        var secret = (await File.ReadAllTextAsync(later.PathOf("out", $"{id}.key"))).TrimEnd();
        (await _tool.RunWithInputAsync(secret, "keys", "verify")).AssertSucceeded();
        (await _tool.RunWithInputAsync(old, "keys", "verify")).AssertSucceeded();
    }

    [Test]
    public async Task WhoAmI_OfAHost_ShowsTheOwnKeyWithoutAScope()
    {
        _tool.Variables["APIKEYAUTH_KEY"] = await IssueAsync("Nothing", "none:at-all");

        var result = (await _tool.RunAsync("whoami", "--json", "name,valid,scopes,environment,rateLimits,usage,target")).AssertSucceeded();

        Assert.That(result.Output, Does.StartWith("""{"name":"Nothing","valid":true,"scopes":["none:at-all"],"environment":"live","""));
        Assert.That(result.Output, Does.Contain("\"requests\":").And.Contain(_app.Urls.First()));
        _tool.Variables["APIKEYAUTH_KEY"] = _admin[..^1];
        Assert.That((await _tool.RunAsync("whoami")).ExitCode, Is.EqualTo(4));
    }

    [Test]
    public async Task Import_HostWithoutTheEndpoint_SaysWhatToUse()
    {
        await File.WriteAllTextAsync(_tool.PathOf("keys.json"), $$"""[ { "name": "Ada", "hash": "{{new string('a', 64)}}" } ]""");

        (await _tool.RunAsync("keys", "import", "keys.json", "--from", "json")).AssertFailed(
            1, "The host imports no keys. Call MapApiKeys().MapImport() in the app, or pass --connection.");
        (await _tool.RunAsync("keys", "export", "--to", "json", "--include-hashes")).AssertFailed(
            2, "A host returns no hashes. Pass --connection, or remove --include-hashes.");
        var exported = (await _tool.RunAsync("keys", "export", "--to", "csv")).AssertSucceeded();
        Assert.That(exported.Lines, Has.Length.EqualTo(3));
        Assert.That(exported.Output, Does.Not.Contain(_admin).And.Not.Contain(_reader));
    }

    [Test]
    public async Task Keys_WithoutOrWithAWrongKey_EndWithExitCode4()
    {
        _tool.Variables["APIKEYAUTH_KEY"] = _admin[..^1];
        (await _tool.RunAsync("keys", "list")).AssertFailed(
            4, "The API key provided is invalid. Set a valid key in APIKEYAUTH_KEY or in the profile.");

        _tool.Variables.Remove("APIKEYAUTH_KEY");
        (await _tool.RunAsync("keys", "list")).AssertFailed(
            4, "The host needs a key. Set APIKEYAUTH_KEY, or run 'apikeyauth profile add default --url URL'.");
    }

    [Test]
    public async Task Keys_WithoutPermission_NamesTheMissingScope()
    {
        _tool.Variables["APIKEYAUTH_KEY"] = _reader;

        (await _tool.RunAsync("keys", "create", "--name", "x")).AssertFailed(
            1, "API key lacks required scope: keys:write. Use a key with more rights.");
        (await _tool.RunAsync("keys", "show", "none")).AssertFailed(
            1, "The API key does not exist. Run 'apikeyauth keys list' for the IDs.");
    }

    [Test]
    public async Task Keys_InvalidValue_NamesTheField()
    {
        (await _tool.RunAsync("keys", "create", "--name", "x", "--environment", "nowhere")).AssertFailed(
            1, "environment must be one of live, test. Correct the values.");
        (await _tool.RunAsync("keys", "create", "--name", "x", "--tenant", "t")).AssertFailed(
            2, "--tenant needs --connection: a host takes the tenant from the caller's key. Remove it.");
        (await _tool.RunAsync("audit")).AssertFailed(2, "A host lists the audit of one key. Pass its ID.");
    }

    [TestCase("http://example.com/api-keys", "The address would send the key in plain text. Use https.")]
    [TestCase("ftp://example.com", "The address must be a URL such as https://example.com/api-keys, without a user. Correct --url.")]
    public async Task Keys_UnsafeAddress_IsNotCalled(string url, string message) =>
        (await _tool.RunAsync("keys", "list", "--url", url)).AssertFailed(2, message);

    [Test]
    public async Task Keys_HostIsDownOrWithoutTheApi_IsOneLine()
    {
        var down = await _tool.RunAsync("keys", "list", "--url", $"http://127.0.0.1:{FreePort.Find()}");
        Assert.That(down.ExitCode, Is.EqualTo(1));
        Assert.That(down.Error, Does.Match(
            @"^error: The host cannot be reached \(.*\)\. Check the address in --url and that the host runs\.\n$"));

        (await _tool.RunAsync("keys", "list", "--url", $"{_app.Urls.First()}/nothing")).AssertFailed(
            1, $"{_app.Urls.First()}/nothing is not the management API. Pass its address by --url, such as https://example.com/api-keys.");
    }

    [Test]
    public async Task Profile_AddedByStandardInput_IsUsedAndPrivate()
    {
        _tool.Variables.Remove("APIKEYAUTH_URL");
        _tool.Variables.Remove("APIKEYAUTH_KEY");
        var url = _app.Urls.First() + "/api-keys";
        (await _tool.RunWithInputAsync(_admin + "\n", "profile", "add", "default", "--url", url)).AssertSucceeded();

        Assert.That((await _tool.RunAsync("profile", "list")).AssertSucceeded().Output, Is.EqualTo($"default\t{url}\n"));
        (await _tool.RunAsync("keys", "list")).AssertSucceeded();

        var path = _tool.PathOf("home", ".config", "apikeyauth", "profiles.json");
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            (await _tool.RunAsync("keys", "list")).AssertFailed(
                1, $"Others may read {path}, which holds keys. Run 'chmod 600 {path}', and replace the keys in it.");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (await _tool.RunAsync("keys", "list", "--profile", "other")).AssertFailed(
            1, "The profile other does not exist. Run 'apikeyauth profile list'.");
        (await _tool.RunAsync("profile", "remove", "default")).AssertSucceeded();
        Assert.That(await File.ReadAllTextAsync(path), Does.Not.Contain(_admin));
    }

    private async Task<string> IssueAsync(string name, string scope, string? owner = null)
    {
        await using var scoped = _app.Services.CreateAsyncScope();
        var issued = await scoped.ServiceProvider.GetRequiredService<ApiKeyManager>()
            .CreateAsync(ApiKeyCaller.System, new NewApiKey { Name = name, Scopes = [scope], Environment = "live", OwnerId = owner });
        return issued.Value!.Secret;
    }

    private async Task<string> ShowAsync(string id, string fields) =>
        (await _tool.RunAsync("keys", "show", id, "--json", fields)).AssertSucceeded().Output.TrimEnd();
}
