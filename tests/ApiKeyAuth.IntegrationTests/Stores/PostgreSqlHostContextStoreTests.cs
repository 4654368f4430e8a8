using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>
/// Tests an app's own context in its own schema, in a database with a linguistic collation and a retrying execution strategy.
/// </summary>
internal sealed class PostgreSqlHostContextStoreTests : ApiKeyUsageConformance
{
    private const string Schema = "keys";
    private StoreHost? _host;

    private IDbContextFactory<HostContext> Contexts => _host!.Services.GetRequiredService<IDbContextFactory<HostContext>>();

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        _host = new StoreHost(builder =>
        {
            builder.Services.AddPooledDbContextFactory<HostContext>(
                options => options.UseNpgsql(
                    connectionString, npgsql => npgsql.EnableRetryOnFailure(10, TimeSpan.FromMilliseconds(100), null)));
            builder.AddEntityFrameworkStore<HostContext>();
        });
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
    }

    protected override async ValueTask<IWritableApiKeyStore> CreateStoreAsync()
    {
        await ContextTables.EmptyAsync(Contexts, Schema);
        return _host!.Store;
    }

    private sealed class HostContext(DbContextOptions<HostContext> options) : DbContext(options)
    {
        // Ignores case and accents, as an app may want for its own columns.
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
            .HasCollation("loose", "und-u-ks-level1", "icu", deterministic: false)
            .UseApiKeyAuth(Schema);

        protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
            configurationBuilder.Properties<string>().UseCollation("loose");
    }
}
