using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Tests keys together with the app's own tables, in a context with its own conventions.</summary>
internal sealed class HostContextStoreTests : ApiKeyUsageConformance
{
    private SqliteFile _file = null!;
    private StoreHost _host = null!;

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        _file = new SqliteFile();
        _host = new StoreHost(builder =>
        {
            builder.Services.AddDbContextFactory<HostContext>(options => options
                .UseSqlite(
                    _file.ConnectionString,
                    sqlite => sqlite.UseRelationalNulls().UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery))

                // The queries of the library must not cause EF Core warnings.
                .ConfigureWarnings(
                    static warnings => warnings.Throw(
                        CoreEventId.RowLimitingOperationWithoutOrderByWarning, CoreEventId.FirstWithoutOrderByAndFilterWarning)));
            builder.AddEntityFrameworkStore<HostContext>();
        });
        await using var context = await Contexts.CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();
    }

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        await _host.DisposeAsync();
        _file.Dispose();
    }

    private IDbContextFactory<HostContext> Contexts => _host.Services.GetRequiredService<IDbContextFactory<HostContext>>();

    protected override async ValueTask<IWritableApiKeyStore> CreateStoreAsync()
    {
        await ContextTables.EmptyAsync(Contexts);
        return _host.Store;
    }

    internal sealed class HostContext(DbContextOptions<HostContext> options) : DbContext(options)
    {
        protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
            configurationBuilder.Properties<string>().UseCollation("NOCASE");

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.UseApiKeyAuth();
            foreach (var entity in modelBuilder.Model.GetEntityTypes())
            {
                // An app may hide its rows by a filter on every type.
                entity.SetQueryFilter("Hidden", System.Linq.Expressions.Expression.Lambda(
                    System.Linq.Expressions.Expression.Constant(false), System.Linq.Expressions.Expression.Parameter(entity.ClrType)));
            }
        }
    }
}
