using ApiKeyAuth.IntegrationTests.Redis;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests that changes of the tool reach the nodes of an app with a Redis backplane.</summary>
internal sealed class RedisCommandTests
{
    [Test]
    public async Task Revoke_WithTheBackplaneOfTheApp_IsAppliedByARunningNodeAtOnce()
    {
        await using var redis = await RedisServer.StartAsync();
        using var file = new SqliteFile();
        await using var app = await StartAppAsync(file.ConnectionString, redis.ConnectionString);
        using var tool = new ToolHost();
        tool.Variables["APIKEYAUTH_CONNECTION"] = file.ConnectionString;
        tool.Variables["APIKEYAUTH_REDIS"] = redis.ConnectionString;
        var secret = (await tool.RunAsync("keys", "create", "--name", "Ada")).AssertSucceeded().Lines.Single();
        var id = (await tool.RunAsync("keys", "list")).Output.Split('\t')[0];
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-API-Key", secret);
        Assert.That((int)(await client.GetAsync("/me")).StatusCode, Is.EqualTo(200));

        var revoked = (await tool.RunAsync("keys", "revoke", id, "--yes")).AssertSucceeded();

        Assert.That((int)(await client.GetAsync("/me")).StatusCode, Is.EqualTo(401));
        Assert.That(revoked.Error, Is.EqualTo("Revoked 1 key(s).\n"), "with a backplane, caches need no note");
    }

    [Test]
    public async Task Revoke_BackplaneIsDown_SaysThatTheChangeIsStored()
    {
        await using var database = await KeysDatabase.CreateSqliteAsync();
        using var tool = new ToolHost();
        var key = await database.IssueAsync(new NewApiKey { Name = "Ada" });
        string[] target = ["-c", database.ConnectionString, "--redis", $"127.0.0.1:{FreePort.Find()}"];

        var result = await tool.RunAsync(["keys", "revoke", key.Key.Id, "--yes", .. target]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("error: The change is stored, but other nodes could not be notified"));
        Assert.That(
            (await tool.RunAsync("keys", "show", key.Key.Id, "-c", database.ConnectionString, "--json", "status")).Output,
            Is.EqualTo("""{"status":"revoked"}""" + "\n"));
    }

    [Test]
    public async Task Redis_WrongCommandLine_IsOneLine()
    {
        await using var database = await KeysDatabase.CreateSqliteAsync();
        using var tool = new ToolHost();
        tool.Variables["APIKEYAUTH_KEY"] = "none";
        (await tool.RunAsync("keys", "list", "--url", "https://example.com", "--redis", "localhost")).AssertFailed(
            2, "--redis needs --connection: a host publishes its changes itself. Remove it.");
        (await tool.RunAsync("keys", "list", "-c", database.ConnectionString, "--redis", "")).AssertFailed(
            2, "--redis is not valid. Pass a connection string of StackExchange.Redis, a redis:// URL, or name=NAME.");
        (await tool.RunAsync("keys", "list", "-c", database.ConnectionString, "--redis", "name=Cache")).AssertFailed(
            1, "The settings have no connection string Cache. Pass --settings, or correct the name.");
    }

    private static async Task<WebApplication> StartAppAsync(string connection, string redis)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuth().AddSqlite(connection).AddRedisBackplane(redis);
        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/me", () => "ok").RequireAuthorization();
        await app.Services.MigrateApiKeysAsync();
        await app.StartAsync();
        return app;
    }
}
