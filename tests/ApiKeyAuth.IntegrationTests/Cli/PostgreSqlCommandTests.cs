using ApiKeyAuth.Management;

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
}
