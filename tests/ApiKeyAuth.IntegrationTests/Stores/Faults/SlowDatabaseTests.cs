using System.Diagnostics;
using System.Net;
using ApiKeyAuth.Caching;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiKeyAuth.IntegrationTests.Stores.Faults;

/// <summary>
/// Tests a thousand requests with uncached keys while the database does not respond: each returns 503 in time, and the app recovers with
/// the database.
/// </summary>
[Category("Long")]
internal sealed class SlowDatabaseTests
{
    private const int Requests = 1000;
    private const int Changes = 200;
    private const int Pool = 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Test]
    public async Task PostgreSql_TableLocked_NoRequestHangsAndThePoolRecovers()
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await using var app = await FaultyApp.StartAsync(
            keys => keys.AddPostgreSql(connectionString + $";Application Name=app;Maximum Pool Size={Pool}", migrate: true));
        var cold = await app.IssueAsync(Requests, "read");
        await using var locker = await NpgsqlDataSource.Create(connectionString).OpenConnectionAsync();
        await using (var transaction = await locker.BeginTransactionAsync())
        {
            await ExecuteAsync(locker, """LOCK TABLE "ApiKeyAuthSecrets" IN ACCESS EXCLUSIVE MODE""");
            await AssertUnavailableAsync(app, cold, () => CountAsync(connectionString));
        }

        await AssertServedAsync(app, cold);
    }

    [Test]
    public async Task PostgreSql_ConnectionStalls_NoRequestHangsAndThePoolRecovers()
    {
        // The default of Npgsql.
        const int DefaultPool = 100;
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await using var proxy = new SlowProxy(new NpgsqlConnectionStringBuilder(connectionString).Port);
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Port = proxy.Port,
            ApplicationName = "app",
            MaxPoolSize = DefaultPool,
        };
        var slow = builder.ConnectionString;
        await using var app = await FaultyApp.StartAsync(keys => keys.AddPostgreSql(slow, migrate: true));
        var cold = await app.IssueAsync(Requests, "read");

        // Fills the pool with connections, all of which are in use when the proxy is held.
        var warm = await app.IssueAsync(DefaultPool * 5, "read");
        await ServeAllAsync(app, warm);
        proxy.Hold();
        await AssertUnavailableAsync(app, cold, () => CountAsync(connectionString), DefaultPool, warm[0].Secret);
        proxy.Release();
        var back = Stopwatch.StartNew();
        while (await app.CallAsync(cold[0].Secret) == HttpStatusCode.ServiceUnavailable)
        {
            // Requests that were delayed by the proxy are discarded first.
        }

        TestContext.Out.WriteLine($"The first was served {back.Elapsed.TotalSeconds:F1} s after the line was back.");

        await ServeAllAsync(app, cold);
    }

    [Test]
    public async Task Sqlite_FileLocked_NoRequestHangsAndThreadsRemainAvailable()
    {
        using var file = new SqliteFile();
        await using var app = await FaultyApp.StartAsync(keys => keys.AddSqlite(file.ConnectionString, migrate: true));
        var cold = await app.IssueAsync(Requests, "read");

        // With a write-ahead log, only an exclusive lock blocks readers.
        SqliteConnection.ClearAllPools();
        await using (var locker = new SqliteConnection(file.ConnectionString + ";Pooling=false"))
        {
            await locker.OpenAsync();
            await using var command = new SqliteCommand("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT", locker);
            await command.ExecuteNonQueryAsync();
            await AssertUnavailableAsync(app, cold, () => Task.FromResult(0L));
        }

        await AssertServedAsync(app, cold);
    }

    [Test]
    public async Task Sqlite_AnotherWriter_BlocksNoReaderAndRejectsEveryChange()
    {
        using var file = new SqliteFile();
        await using var app = await FaultyApp.StartAsync(keys => keys.AddSqlite(file.ConnectionString, migrate: true));
        var (admin, cold) = ((await app.IssueAsync(1, "*"))[0], await app.IssueAsync(Changes, "read"));
        await using (var locker = new SqliteConnection(file.ConnectionString))
        {
            await locker.OpenAsync();
            await using var transaction = locker.BeginTransaction();
            var changes = Enumerable.Range(0, Changes).Select(
                index => app.CallAsync(admin.Secret, HttpMethod.Post, $"/api-keys/{cold[index].Id}/revoke")).ToList();
            await AssertServedAsync(app, cold);
            Assert.That(await Task.WhenAll(changes), Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
        }

        Assert.That((await app.ReadAuditAsync()).Select(entry => entry.Action), Is.All.EqualTo("create"));
        await AssertServedAsync(app, cold);
        Assert.That(await app.CallAsync(admin.Secret, HttpMethod.Post, $"/api-keys/{cold[0].Id}/revoke"), Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task AssertUnavailableAsync(
        FaultyApp app, (string Id, string Secret)[] cold, Func<Task<long>> countConnections, int pool = Pool, string? warm = null)
    {
        var calls = app.CallWithAllAsync(cold).WaitAsync(Deadline);
        var most = 0L;
        while (await Task.WhenAny(calls, Task.Delay(100)) != calls)
        {
            most = Math.Max(most, await countConnections());
            if (warm is not null)
            {
                Assert.That(await app.CallAsync(warm), Is.EqualTo(HttpStatusCode.OK));
            }
        }

        var (answers, longest) = await calls;
        TestContext.Out.WriteLine($"{Requests} requests, the longest {longest.TotalSeconds:F1} s; at most {most} connections.");
        Assert.That(answers, Is.EquivalentTo(new Dictionary<HttpStatusCode, int> { [HttpStatusCode.ServiceUnavailable] = cold.Length }));
        Assert.That(longest, Is.LessThan(10 * app.Services.GetRequiredService<ApiKeyCacheOptions>().StoreTimeout));
        Assert.That(most, Is.LessThanOrEqualTo(pool));
    }

    /// <summary>
    /// Sends every key until it is served. On a slow machine, opening a connection for each load takes longer than the store timeout.
    /// </summary>
    private static Task ServeAllAsync(FaultyApp app, (string Id, string Secret)[] keys) => Eventually.IsTrueAsync(async () =>
    {
        var answers = await Task.WhenAll(keys.Select(key => app.CallAsync(key.Secret)));
        Assert.That(answers, Is.All.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.ServiceUnavailable));
        return answers.All(answer => answer == HttpStatusCode.OK);
    });

    private static async Task AssertServedAsync(FaultyApp app, (string Id, string Secret)[] cold)
    {
        var (answers, longest) = await app.CallWithAllAsync(cold);
        TestContext.Out.WriteLine($"Afterwards the longest took {longest.TotalSeconds:F1} s.");
        Assert.That(answers, Is.EquivalentTo(new Dictionary<HttpStatusCode, int> { [HttpStatusCode.OK] = cold.Length }));
    }

    private static async Task<long> CountAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'app' AND datname = current_database()", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }
}
