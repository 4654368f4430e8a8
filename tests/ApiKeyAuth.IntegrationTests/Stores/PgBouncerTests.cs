using ApiKeyAuth.Backplane;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>
/// Tests PostgreSQL behind a PgBouncer in transaction mode: failures and lost notifications are logged with the setting that fixes them.
/// </summary>
internal sealed class PgBouncerTests
{
    private const string Lost = "Max Auto Prepare=0";
    private const string Unheard = "did not come back";

    [Test]
    public async Task Find_TransactionPoolingWithPreparedStatements_LogsTheSettingOnce()
    {
        var database = await DatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database, "transaction", servers: 2);
        using var log = new LogCapture();
        using var host = await StartAsync(keys => keys.AddPostgreSql(bouncer.ConnectionString), log);
        await Eventually.IsTrueAsync(async () =>
        {
            // Many at once, so that connections change their server also on a busy machine.
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => TryFindAsync(host.Services))));
            return log.WarningMessages.Any(line => line.Contains(Lost, StringComparison.Ordinal));
        });
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => TryFindAsync(host.Services)));
        Assert.That(log.WarningMessages, Has.Exactly(1).Contains(Lost));
        Assert.That(log.WarningMessages, Has.Some.Contains("26000").Or.Some.Contains("42P05"));
    }

    [Test]
    public async Task Find_TransactionPoolingWithoutPreparedStatements_NeverFails()
    {
        var database = await DatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database, "transaction", servers: 2);
        using var log = new LogCapture();
        using var host = await StartAsync(keys => keys.AddPostgreSql(bouncer.ConnectionString + ";Max Auto Prepare=0"), log);
        for (var round = 0; round < 20; round++)
        {
            Assert.That(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryFindAsync(host.Services))), Is.All.True);
        }

        Assert.That(log.WarningMessages, Has.None.Contains(Lost));
    }

    [Test]
    public async Task Listen_TransactionPooling_LogsLostNotifications()
    {
        var database = await DatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database, "transaction");
        using var log = new LogCapture();

        // Heartbeats do not use prepared statements.
        using var host = await StartAsync(keys => keys.AddPostgreSqlBackplane(bouncer.ConnectionString + ";Max Auto Prepare=40"), log);
        await Eventually.IsTrueAsync(() => log.WarningMessages.Any(line => line.Contains(Unheard, StringComparison.Ordinal)));
        Assert.That(log.WarningMessages, Has.Exactly(1).Contains(Unheard));
        Assert.That(log.WarningMessages, Has.None.Contains("answers from its cache"));
    }

    [TestCase("session")]
    [TestCase(null)]
    public async Task Listen_SessionPooling_ReceivesNotificationsAndLogsNothing(string? mode)
    {
        var database = await DatabaseAsync();
        await using var bouncer = mode is null ? null : await PgBouncer.StartAsync(database, mode);
        using var log = new LogCapture();
        using var host = await StartAsync(keys => keys.AddPostgreSqlBackplane(bouncer?.ConnectionString ?? database), log);
        var backplane = host.Services.GetRequiredService<IApiKeyBackplane>();
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = new CancellationTokenSource();
        var listening = backplane.ListenAsync(_ => received.TrySetResult(), end.Token);
        await Eventually.IsTrueAsync(async () =>
        {
            await backplane.PublishAsync("test", TimeSpan.FromSeconds(5), "key", default);
            return received.Task.IsCompleted;
        });
        await end.CancelAsync();
        Assert.That(async () => await listening, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(log.WarningMessages, Has.None.Contains(Unheard));
    }

    private static async Task<string> DatabaseAsync()
    {
        var database = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        using var host = await StartAsync(
            keys => keys.AddPostgreSql(database).AddPostgreSqlBackplane(database).MigrateOnStartup());
        await host.StopAsync();
        return database;
    }

    private static async Task<bool> TryFindAsync(IServiceProvider services)
    {
        try
        {
            await using var scope = services.CreateAsyncScope();
            var hash = new ApiKeyHasher([]).Hash(Guid.NewGuid().ToString());
            await scope.ServiceProvider.GetRequiredService<IApiKeyStore>().FindAsync([hash], default);
            return true;
        }
        catch (Npgsql.PostgresException)
        {
            return false;
        }
    }

    private static async Task<IHost> StartAsync(Action<ApiKeyAuthBuilder> add, ILoggerProvider? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        add(builder.Services.AddApiKeyAuth());
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
