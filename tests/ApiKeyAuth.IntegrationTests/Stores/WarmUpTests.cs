using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>The warm-up of a database leaves no rows.</summary>
internal sealed class WarmUpTests
{
    private const int Failed = 15;

    [Test]
    public async Task Start_SqliteMigrating_WarmsUpAfterwardsAndLeavesNoRows()
    {
        using var file = new SqliteFile();
        await AssertNoTraceAsync(keys => keys.AddSqlite(file.ConnectionString, migrate: true));
    }

    [Test]
    public async Task Start_PostgreSqlMigrating_WarmsUpAfterwardsAndLeavesNoRows()
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await AssertNoTraceAsync(keys => keys.AddPostgreSql(connectionString, migrate: true));
    }

    [Test]
    public async Task Start_SqliteReadOnly_StartsAndLogsTheFailedCall()
    {
        using var file = new SqliteFile();
        await using (var host = new StoreHost(keys => keys.AddSqlite(file.ConnectionString)))
        {
            await host.Services.MigrateApiKeysAsync();
        }

        using var log = new LogCapture();
        await using var app = await StartAsync(keys => keys.AddSqlite(file.ConnectionString + ";Mode=ReadOnly"), log);
        Assert.That(log.Warnings.Select(entry => entry.EventId), Is.EqualTo(new[] { Failed }));
        Assert.That(log.Warnings.Single().Message, Does.Contain(nameof(IApiKeyStoreWarmUp.WarmUpAsync)));
    }

    private static async Task AssertNoTraceAsync(Action<ApiKeyAuthBuilder> addStore)
    {
        using var log = new LogCapture();
        await using var app = await StartAsync(addStore, log);
        Assert.That(log.Warnings, Is.Empty);

        await using var scope = app.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IWritableApiKeyStore>();
        Assert.That(store, Is.InstanceOf<IApiKeyStoreWarmUp>());
        Assert.That(await store.CountAsync(new ApiKeyFilter { AllTenants = true }, default), Is.Zero);
        Assert.That(await store.ListAuditAsync(new ApiKeyAuditFilter { AllTenants = true }, default), Is.Empty);
    }

    private static async Task<WebApplication> StartAsync(Action<ApiKeyAuthBuilder> addStore, LogCapture log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        addStore(builder.Services.AddApiKeyAuth());
        var app = builder.Build();
        app.UseApiKeyAuth();
        await app.StartAsync();
        return app;
    }
}
