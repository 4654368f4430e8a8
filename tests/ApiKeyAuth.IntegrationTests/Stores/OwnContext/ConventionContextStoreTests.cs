using ApiKeyAuth.Alerts;
using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Tests the store in a context whose conventions shorten, convert, rename and restrict everything.</summary>
[TestFixture("sqlite", false)]
[TestFixture("sqlite", true)]
[TestFixture("postgresql", true)]
internal sealed class ConventionContextStoreTests(string kind, bool hasProxies) : ApiKeyUsageConformance
{
    private SqliteFile? _file;
    private StoreHost? _host;
    private Action<ApiKeyAuthBuilder> _addStore = null!;

    private IDbContextFactory<ConventionContext> Contexts => _host!.Services.GetRequiredService<IDbContextFactory<ConventionContext>>();

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        var connectionString = kind == "sqlite"
            ? (_file = new SqliteFile()).ConnectionString
            : await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        _addStore = builder =>
        {
            builder.Services.AddPooledDbContextFactory<ConventionContext>(options =>
            {
                _ = kind == "sqlite" ? options.UseSqlite(connectionString) : options.UseNpgsql(connectionString);
                _ = hasProxies ? options.UseChangeTrackingProxies().UseLazyLoadingProxies() : options;
                options.UseSnakeCaseNamingConvention();
            });
            builder.AddEntityFrameworkStore<ConventionContext>();
        };
        _host = new StoreHost(_addStore);
        await using var context = await Contexts.CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();
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
    public void Start_ConventionsOfTheApp_AreAccepted() => Assert.That(() => StartedHost.RunAsync(_addStore), Throws.Nothing);

    [Test]
    public async Task Delete_Key_DeletesItsAlertSettings()
    {
        var store = await CreateStoreAsync();
        var alerts = _host!.Services.GetRequiredService<IApiKeyAlertStore>();
        var key = new ApiKey { Id = "key_1", Secrets = [new() { Hash = new(new byte[ApiKeyHash.Length]) }] };
        ApiKeyAuditEntry Entry(string action) =>
            new() { Id = Guid.CreateVersion7(), At = default, Action = action, KeyId = key.Id, Actor = "system", Changes = "{}" };
        await store.AddAsync(key, [], Entry("create"), default);
        var subject = ApiKeyAlertSubject.Key(key.Id);
        await alerts.SetSettingsAsync(subject, new() { UnusualActivity = true }, default);
        Assert.That(await store.TryDeleteAsync((await store.GetAsync(key.Id, default))!, Entry("delete"), default));
        Assert.That(await alerts.GetSettingsAsync([subject], default), Is.Empty);
    }

    protected override async ValueTask<IWritableApiKeyStore> CreateStoreAsync()
    {
        await ConventionContext.EmptyAsync(Contexts);
        return _host!.Store;
    }
}
