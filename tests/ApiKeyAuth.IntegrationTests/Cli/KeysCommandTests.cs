using System.Text.Json.Nodes;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.Data.Sqlite;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests the commands <c>keys</c> against a database.</summary>
internal sealed class KeysCommandTests
{
    private ToolHost _tool = null!;
    private KeysDatabase _database = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _tool = new ToolHost();
        _database = await KeysDatabase.CreateSqliteAsync();
        _tool.Variables["APIKEYAUTH_CONNECTION"] = _database.ConnectionString;
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        await _database.DisposeAsync();
        _tool.Dispose();
    }

    [Test]
    public async Task Create_ThenVerify_WritesTheSecretAloneAndAcceptsIt()
    {
        var created = (await _tool.RunAsync(
            "keys", "create", "--name", "Billing", "--scope", "invoices:read,invoices:write", "--network", "203.0.113.0/24",
            "--rate-limit", "60/minute", "--expires", "90d", "--tenant", "acme", "--owner", "ada")).AssertSucceeded();

        var secret = created.Lines.Single();
        var verified = (await _tool.RunWithInputAsync(secret + "\n", "keys", "verify", "--json", "valid,name,tenantId,ownerId,scopes"))
            .AssertSucceeded();
        Assert.That(
            verified.Output,
            Is.EqualTo(
                """{"valid":true,"name":"Billing","tenantId":"acme","ownerId":"ada","scopes":["invoices:read","invoices:write"]}"""
                + "\n"));
        Assert.That(created.Error, Does.Match("^Created the key key_[0-9A-Za-z]{20}. Its secret is shown once.\n$"));
    }

    [Test]
    public async Task Verify_UnknownExpiredOrMalformedKey_EndsWithExitCode1()
    {
        var key = await _database.IssueAsync(new NewApiKey { Name = "Old" });
        (await _tool.RunAsync("keys", "revoke", key.Key.Id, "--yes")).AssertSucceeded();
        foreach (var secret in new[] { key.Secret, new ApiKeyFormat().Generate("live"), key.Secret[..^1] })
        {
            var result = await _tool.RunWithInputAsync(secret, "keys", "verify", "--json", "valid,code");
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Output, Is.EqualTo("""{"valid":false,"code":"invalid_api_key"}""" + "\n"));
            Assert.That(result.Error, Is.Empty);
        }

        (await _tool.RunWithInputAsync("", "keys", "verify")).AssertFailed(
            2, "The standard input holds no key. Pass it in one line, such as: apikeyauth keys verify < file");
    }

    [Test]
    public async Task List_InAPipe_WritesLinesWithTabs()
    {
        var ada = await _database.IssueAsync(
            new NewApiKey { Name = "Ada", OwnerId = "ada", Scopes = ["a:read", "a:write"], Environment = "test" });
        await _database.IssueAsync(new NewApiKey { Name = "Bo" });

        var result = (await _tool.RunAsync("keys", "list", "--owner", "ada")).AssertSucceeded();

        Assert.That(
            result.Output, Is.EqualTo($"{ada.Key.Id}\tAda\t{ada.Secret[^4..]}\tada\ttest\ta:read, a:write\tactive\t\t\n"));
        Assert.That((await _tool.RunAsync("keys", "list", "--json", "name")).Output, Does.Contain("Bo").And.Contain("Ada"));
        Assert.That((await _tool.RunAsync("keys", "list", "--limit", "1")).Error, Is.EqualTo(
            "warning: There are more than 1 keys. Pass a larger --limit.\n"));
        Assert.That((await _tool.RunAsync("keys", "list", "--status", "revoked")).AssertSucceeded().Output, Is.Empty);
        (await _tool.RunAsync("keys", "list", "--status", "gone")).AssertFailed(
            2, "--status must be one of active, pending, disabled, expired, idle, revoked.");
    }

    [Test]
    public async Task Show_OnATerminal_WritesATableWithoutTheSecret()
    {
        using var tool = new ToolHost { IsTerminal = true };
        tool.Variables["APIKEYAUTH_CONNECTION"] = _database.ConnectionString;
        tool.Variables["NO_COLOR"] = "1";
        var key = await _database.IssueAsync(new NewApiKey { Name = "Ada", Scopes = ["a:read"] });

        var shown = (await tool.RunAsync("keys", "show", key.Key.Id)).AssertSucceeded().Output;
        var listed = (await tool.RunAsync("keys", "list")).AssertSucceeded().Output;

        Assert.That(shown, Does.Match(@"(?m)^name +Ada *$").And.Match(@"(?m)^status +active *$").And.Not.Contain(key.Secret));
        Assert.That(listed, Does.Contain("Last used").And.Contain("Ada").And.Not.Contain("\u001b"));
    }

    [Test]
    public async Task Update_PassedValues_ChangesThemAndKeepsOthers()
    {
        var id = (await _database.IssueAsync(new NewApiKey { Name = "Ada", Scopes = ["a:read"], OwnerId = "ada" })).Key.Id;

        (await _tool.RunAsync("keys", "update", id, "--name", "Bo", "--scope", "b:read", "--expires", "2099-12-31")).AssertSucceeded();
        Assert.That(await ShowAsync(id, "name,scopes,ownerId,expiresAt"), Is.EqualTo(
            """{"name":"Bo","scopes":["b:read"],"ownerId":"ada","expiresAt":"2099-12-31"}"""));

        (await _tool.RunAsync("keys", "update", id, "--scope", "none", "--expires", "none")).AssertSucceeded();
        Assert.That(await ShowAsync(id, "scopes,expiresAt"), Is.EqualTo("""{"scopes":[],"expiresAt":null}"""));
        (await _tool.RunAsync("keys", "update", id)).AssertFailed(
            2, "Nothing to change. Pass a value, such as --name or --scope.");
    }

    [Test]
    public async Task DryRun_OfEachChange_ChangesNothing()
    {
        var key = await _database.IssueAsync(new NewApiKey { Name = "Ada" });
        var id = key.Key.Id;
        var before = await ShowAsync(id, "*");

        string[][] commands =
            [["update", id, "--name", "Bo"], ["rotate", id], ["revoke", id], ["disable", id], ["enable", id], ["delete", id]];
        foreach (var command in commands)
        {
            var result = (await _tool.RunAsync(["keys", .. command, "--dry-run"])).AssertSucceeded();
            Assert.That(result.Error, Does.Match($"^Would .* the key {id} \\(Ada\\). Nothing was changed.\n$"), command[0]);
        }

        (await _tool.RunAsync("keys", "create", "--name", "Bo", "--dry-run")).AssertSucceeded();
        Assert.That(await ShowAsync(id, "*"), Is.EqualTo(before));
        Assert.That((await _tool.RunAsync("keys", "list")).Lines, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Rotate_WithGrace_WritesTheNewSecretToAFile()
    {
        var key = await _database.IssueAsync(new NewApiKey { Name = "Ada" });

        var result = (await _tool.RunAsync("keys", "rotate", key.Key.Id, "--grace", "1h", "-o", "new.key")).AssertSucceeded();

        var secret = (await File.ReadAllTextAsync(_tool.PathOf("new.key"))).Trim();
        Assert.That(result.Output + result.Error, Does.Not.Contain(secret));
        foreach (var accepted in new[] { key.Secret, secret })
        {
            (await _tool.RunWithInputAsync(accepted, "keys", "verify")).AssertSucceeded();
        }

        var refused = await _tool.RunAsync("keys", "rotate", key.Key.Id);
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.StartWith("error: ").And.EndWith(
            "Run 'apikeyauth keys show' and repeat the command if it still applies.\n"));
        (await _tool.RunAsync("keys", "rotate", key.Key.Id, "--grace", "soon")).AssertFailed(
            2, "--grace must be a duration such as 30s, 15m, 6h or 90d.");
    }

    [Test]
    public async Task Create_OutputFileExists_CreatesNoKey()
    {
        await File.WriteAllTextAsync(_tool.PathOf("billing.key"), "mine");

        Assert.That((await _tool.RunAsync("keys", "create", "--name", "Ada", "-o", "billing.key")).ExitCode, Is.EqualTo(1));

        Assert.That((await _tool.RunAsync("keys", "list")).Lines, Is.Empty);
        Assert.That(await File.ReadAllTextAsync(_tool.PathOf("billing.key")), Is.EqualTo("mine"));
    }

    [Test]
    public async Task Disable_ThenEnable_ChangesTheStatus()
    {
        var id = (await _database.IssueAsync(new NewApiKey { Name = "Ada" })).Key.Id;

        (await _tool.RunAsync("keys", "disable", id)).AssertSucceeded();
        Assert.That(await ShowAsync(id, "status"), Is.EqualTo("""{"status":"disabled"}"""));
        (await _tool.RunAsync("keys", "enable", id)).AssertSucceeded();
        Assert.That(await ShowAsync(id, "status"), Is.EqualTo("""{"status":"active"}"""));
    }

    [Test]
    public async Task Delete_OnATerminal_NeedsTheNameOfTheKey()
    {
        using var tool = new ToolHost { IsTerminal = true };
        tool.Variables["APIKEYAUTH_CONNECTION"] = _database.ConnectionString;
        var id = (await _database.IssueAsync(new NewApiKey { Name = "Ada" })).Key.Id;

        var refused = await tool.RunWithInputAsync("Bo\n", "keys", "delete", id);
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Is.EqualTo(
            $"This deletes the key {id} and its usage. Type 'Ada' to confirm: error: Not confirmed; nothing was changed.\n"));

        (await tool.RunWithInputAsync("Ada\n", "keys", "delete", id)).AssertSucceeded();
        (await _tool.RunAsync("keys", "show", id)).AssertFailed(
            1, "The API key does not exist. Run 'apikeyauth keys list' for the IDs.");
    }

    [Test]
    public async Task Audit_AfterChanges_ListsThemNewestFirst()
    {
        var id = (await _database.IssueAsync(new NewApiKey { Name = "Ada" })).Key.Id;
        (await _tool.RunAsync("keys", "revoke", id, "--reason", "leaked", "--yes")).AssertSucceeded();

        var entries = JsonNode.Parse((await _tool.RunAsync("audit", id, "--json", "action,actor")).AssertSucceeded().Output);

        Assert.That(entries!.ToJsonString(), Is.EqualTo("""[{"action":"revoke","actor":"system"},{"action":"create","actor":"system"}]"""));
        Assert.That(
            (await _tool.RunAsync("audit", "--limit", "1")).AssertSucceeded().Lines.Single(),
            Does.Contain($"\trevoke\t{id}\tsystem\t"));
    }

    [Test]
    public async Task Usage_OfANewKey_HasNoRequests()
    {
        var id = (await _database.IssueAsync(new NewApiKey { Name = "Ada" })).Key.Id;

        var usage = (await _tool.RunAsync("usage", id, "--by", "day", "--json", "by,totals")).AssertSucceeded().Output;

        Assert.That(usage, Does.StartWith("""{"by":"day","totals":{"requests":0,"succeeded":0,"failed":0"""));
        (await _tool.RunAsync("usage", id, "--from", "soon")).AssertFailed(
            2, "--from must be a date or time such as 2027-01-31 or 2027-01-31T18:00:00Z.");
    }

    [Test]
    public async Task ScopesAndWhoAmI_OfADatabase_AreShown()
    {
        await _database.IssueAsync(new NewApiKey { Name = "Ada", Scopes = ["a:read", "z:old"] });
        await File.WriteAllTextAsync(
            _tool.PathOf("appsettings.json"),
            """{ "ApiKeyAuth": { "Scopes": [ { "Name": "a:read", "Description": "Read." }, "a:write" ] } }""");

        Assert.That((await _tool.RunAsync("scopes", "list")).AssertSucceeded().Output, Is.EqualTo(
            "a:read\tRead.\t\t\tfalse\t1\na:write\t\t\t\tfalse\t0\nz:old\t\t\t\t\t1\n"));
        Assert.That((await _tool.RunAsync("whoami", "--json", "caller")).AssertSucceeded().Output, Is.EqualTo(
            """{"caller":"system"}""" + "\n"));
    }

    [Test]
    public async Task Connection_WrongOrOutdatedDatabase_IsOneLine()
    {
        var empty = _tool.PathOf("empty.db");
        await File.WriteAllTextAsync(empty, "");
        _tool.Variables.Remove("APIKEYAUTH_CONNECTION");

        (await _tool.RunAsync("keys", "list")).AssertFailed(
            2, "No database or host was named. Pass --connection or --url, or run 'apikeyauth profile add'.");
        (await _tool.RunAsync("keys", "list", "-c", "none.db")).AssertFailed(
            1, "The database file none.db does not exist. Start the app once, or correct the path.");
        (await _tool.RunAsync("keys", "list", "-c", "Data Sauce=x")).AssertFailed(
            2, "--connection is not valid. Pass a connection string of SQLite or PostgreSQL, a SQLite file, or name=NAME.");
        (await _tool.RunAsync("keys", "list", "-c", "name=None")).AssertFailed(
            1, "The settings have no connection string None. Pass --settings, or correct the name.");
        var outdated = await _tool.RunAsync("keys", "list", "-c", empty);
        Assert.That(outdated.ExitCode, Is.EqualTo(1));
        Assert.That(outdated.Error, Does.Match(
            @"^error: The database of ApiKeySqliteContext lacks \d+ migration\(s\), .* when you deploy\.\n$"));
        Assert.That(File.Exists(_tool.PathOf("none.db")), Is.False);
        SqliteConnection.ClearAllPools();
    }

    private async Task<string> ShowAsync(string id, string fields) =>
        (await _tool.RunAsync("keys", "show", id, "--json", fields)).AssertSucceeded().Output.TrimEnd();
}
