using ApiKeyAuth.Alerts;
using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Keys;
using ApiKeyAuth.PostgreSql;
using ApiKeyAuth.Sqlite;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Usage;

/// <summary>Runs the same tests for the three stores of alerts.</summary>
[TestFixture("memory")]
[TestFixture("sqlite")]
[TestFixture("postgresql")]
internal sealed class AlertStoreTests(string kind) : ApiKeyAlertStoreConformance
{
    private SqliteFile? _file;
    private StoreHost? _host;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (kind == "sqlite")
        {
            _file = new SqliteFile();
            _host = new StoreHost(builder => builder.AddSqlite(_file.ConnectionString));
        }
        else if (kind == "postgresql")
        {
            var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
            _host = new StoreHost(builder => builder.AddPostgreSql(connectionString));
        }
        else
        {
            return;
        }

        await _host.Services.MigrateApiKeysAsync();
    }

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _file?.Dispose();
    }

    [Test]
    public async Task Settings_OfAKey_GoWithIt()
    {
        // In memory the settings stay, under an ID that is not reused.
        var (store, subject, left) = (await CreateStoreAsync(), ApiKeyAlertSubject.Key("key_1"), _host is null ? 1 : 0);
        await store.SetSettingsAsync(subject, new() { UnusualActivity = true }, default);
        Assert.That(await store.GetSettingsAsync([subject], default), Has.Count.EqualTo(left), "the key does not exist");
        await AddKeyAsync("key_1");
        await store.SetSettingsAsync(subject, new() { UnusualActivity = true }, default);
        Assert.That(await store.GetSettingsAsync([subject], default), Has.Count.EqualTo(1));
        if (_host is not null)
        {
            await _host.Store.TryDeleteAsync((await _host.Store.GetAsync("key_1", default))!, Entry("key_1"), default);
        }

        Assert.That(await store.GetSettingsAsync([subject], default), Has.Count.EqualTo(left));
    }

    protected override async ValueTask<IApiKeyAlertStore> CreateStoreAsync()
    {
        switch (kind)
        {
            case "sqlite":
                await ContextTables.EmptyAsync(_host!.Services.GetRequiredService<IDbContextFactory<ApiKeySqliteContext>>());
                break;
            case "postgresql":
                await ContextTables.EmptyAsync(_host!.Services.GetRequiredService<IDbContextFactory<ApiKeyPostgreSqlContext>>());
                break;
            default:
                return new ServiceCollection().AddApiKeyAuth().AddInMemoryStore().AddAlerts().Services
                    .BuildServiceProvider().GetRequiredService<IApiKeyAlertStore>();
        }

        return _host.Services.GetRequiredService<IApiKeyAlertStore>();
    }

    protected override async ValueTask AddKeyAsync(string id)
    {
        if (_host is not null)
        {
            var key = new ApiKey
            {
                Id = id,
                Secrets = [new() { Hash = new ApiKeyHash(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)) }],
            };
            Assert.That(await _host.Store.AddAsync(key, [], Entry(id), default), Is.EqualTo(ApiKeyAddResult.Added));
        }
    }

    private static ApiKeyAuditEntry Entry(string id) =>
        new() { Id = Guid.CreateVersion7(), At = default, Action = "test", KeyId = id, Actor = "system", Changes = "{}" };
}
