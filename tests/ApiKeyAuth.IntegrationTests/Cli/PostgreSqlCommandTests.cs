using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests the commands <c>keys</c> against PostgreSQL with a backplane.</summary>
internal sealed class PostgreSqlCommandTests
{
    [Test]
    public async Task Revoke_KeyOfPostgreSql_IsPublishedAndRejected()
    {
        await using var database = await KeysDatabase.CreatePostgreSqlAsync();
        using var tool = new ToolHost();
        tool.Variables["APIKEYAUTH_CONNECTION"] = database.ConnectionString;
        var key = await database.IssueAsync(new NewApiKey { Name = "Ada" });

        (await tool.RunWithInputAsync(key.Secret, "keys", "verify")).AssertSucceeded();
        var revoked = (await tool.RunAsync("keys", "revoke", key.Key.Id, "--yes")).AssertSucceeded();

        Assert.That(revoked.Error, Is.EqualTo("Revoked 1 key(s).\n"), "with a backplane, caches need no note");
        Assert.That((await tool.RunWithInputAsync(key.Secret, "keys", "verify")).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Import_ManyKeysToPostgreSql_StoresAllAndIsRepeated()
    {
        await using var database = await KeysDatabase.CreatePostgreSqlAsync();
        using var tool = new ToolHost();
        await Imports.ImportFixture.WriteSettingsAsync(tool);
        tool.Variables["APIKEYAUTH_CONNECTION"] = database.ConnectionString;
        await File.WriteAllLinesAsync(tool.PathOf("keys.csv"), CreateRows(1_201));

        var first = (await tool.RunAsync("keys", "import", "keys.csv", "--from", "csv")).AssertSucceeded();
        var second = (await tool.RunAsync("keys", "import", "keys.csv", "--from", "csv")).AssertSucceeded();

        Assert.That(first.Error, Does.StartWith("Imported 1201 key(s) to PostgreSQL "));
        Assert.That(second.Error, Does.StartWith("Imported 0 key(s) to ").And.EndWith(" 1201 are there already.\n"));
        (await tool.RunWithInputAsync("SyntheticKeySynthetic001200", "keys", "verify")).AssertSucceeded();
    }

    [Test, Category("Long"), Platform(Exclude = "Win")]
    public async Task Import_ServerStopsInTheMiddle_LeavesCompleteKeysAndIsRepeated()
    {
        const int Count = 20_000;
        await using var server = await PostgreSqlServer.StartAsync();
        var connection = await server.CreateDatabaseAsync();
        await using var host = new StoreHost(builder => builder.AddPostgreSql(connection));
        await host.Services.MigrateApiKeysAsync();
        using var tool = new ToolHost();
        await Imports.ImportFixture.WriteSettingsAsync(tool);
        await File.WriteAllLinesAsync(tool.PathOf("keys.csv"), CreateRows(Count));
        string[] import = ["keys", "import", "keys.csv", "--from", "csv", "--connection", connection];

        var running = Task.Run(() => tool.RunAsync(import));
        await Eventually.IsTrueAsync(async () => await host.Store.CountAsync(new ApiKeyFilter { AllTenants = true }, default) > 0);
        await server.StopAsync();
        var lost = await running;

        Assert.That(lost.ExitCode, Is.EqualTo(1));
        Assert.That(lost.Error, Does.Match(@"^error: .*Repeat the command when the database is available to import the rest\.\n$"));
        await server.RunAsync();
        await Eventually.IsTrueAsync(async () => await IsBackAsync(host.Store));
        var stored = await host.Store.CountAsync(new ApiKeyFilter { AllTenants = true }, default);
        Assert.That(stored, Is.GreaterThan(0).And.LessThan(Count), "the server must stop in the middle");

        var again = (await tool.RunAsync(import)).AssertSucceeded();

        Assert.That(again.Error, Does.StartWith($"Imported {Count - stored} key(s) to ").And.EndWith($" {stored} are there already.\n"));
    }

    [Test]
    public async Task List_ServerIsDown_IsOneLineWithoutTheConnectionString()
    {
        using var tool = new ToolHost();

        var result = await tool.RunAsync(
            "keys", "list", "-c", $"Host=127.0.0.1;Port={FreePort.Find()};Username=u;Password=p4ssw0rd;Database=d;Timeout=2");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(
            result.Error, Does.Match(@"^error: The database failed \(.*\)\. Check --connection and that the database is available\.\n$"));
        Assert.That(result.Error, Does.Not.Contain("p4ssw0rd"));
    }

    private static IEnumerable<string> CreateRows(int count) =>
        Enumerable.Range(0, count).Select(index => $"Key {index},SyntheticKeySynthetic{index:D6}").Prepend("name,key");

    private static async Task<bool> IsBackAsync(IWritableApiKeyStore store)
    {
        try
        {
            await store.CountAsync(new ApiKeyFilter { AllTenants = true }, default);
            return true;
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or InvalidOperationException)
        {
            return false;
        }
    }
}
