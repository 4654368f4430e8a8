using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Tests creating, changing and deleting a key under each convention separately.</summary>
internal sealed class SingleConventionTests
{
    private static readonly string LongName = new('n', 120);

    [Test]
    public async Task Change_AllForeignKeysRestrict_Succeeds()
    {
        using var file = new SqliteFile();
        await ChangeAsync<ChangedContext<Restrict>>(options => options.UseSqlite(file.ConnectionString));
    }

    [Test]
    public async Task Change_ChangeTrackingProxies_Succeeds()
    {
        using var file = new SqliteFile();
        await ChangeAsync<ChangedContext<None>>(options => options.UseSqlite(file.ConnectionString).UseChangeTrackingProxies());
    }

    [Test]
    public async Task Change_LazyLoadingProxies_Succeeds()
    {
        using var file = new SqliteFile();
        await ChangeAsync<ChangedContext<None>>(options => options.UseSqlite(file.ConnectionString).UseLazyLoadingProxies());
    }

    [Test]
    public async Task Change_SnakeCaseNames_Succeeds()
    {
        using var file = new SqliteFile();
        await ChangeAsync<ChangedContext<None>>(options => options.UseSqlite(file.ConnectionString).UseSnakeCaseNamingConvention());
    }

    [Test]
    public async Task Change_MaxLengthOfAllStrings_Succeeds()
    {
        // SQLite does not enforce lengths.
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await ChangeAsync<ShortContext>(options => options.UseNpgsql(connectionString));
    }

    private static async Task ChangeAsync<TContext>(Action<DbContextOptionsBuilder> configure)
        where TContext : DbContext
    {
        Action<ApiKeyAuthBuilder> addStore = builder =>
        {
            builder.Services.AddPooledDbContextFactory<TContext>(configure);
            builder.AddEntityFrameworkStore<TContext>();
        };
        await using var host = new StoreHost(addStore);
        await using (var context = await host.Services.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContextAsync())
        {
            await context.Database.EnsureCreatedAsync();
        }

        await StartedHost.RunAsync(addStore);
        var key = new ApiKey { Id = "key_1", Name = LongName, Secrets = [Secret(1)] };
        Assert.That(await host.Store.AddAsync(key, [], Audit("create"), default), Is.EqualTo(ApiKeyAddResult.Added));
        key = (await host.Store.GetAsync(key.Id, default))!;
        var rotated = key with { Secrets = [Secret(2), key.Secrets[0] with { Hint = "old" }] };
        Assert.That(await host.Store.TryUpdateAsync(rotated, Audit("rotate"), default));
        key = (await host.Store.GetAsync(key.Id, default))!;
        Assert.That((key.Name, key.Secrets.Count, key.Secrets[1].Hint), Is.EqualTo((LongName, 2, "old")));
        Assert.That(await host.Store.TryDeleteAsync(key, Audit("delete"), default));
        Assert.That(await host.Store.GetAsync(key.Id, default), Is.Null);
    }

    private static ApiKeySecret Secret(byte fill) => new() { Hash = new([.. Enumerable.Repeat(fill, ApiKeyHash.Length)]) };

    private static ApiKeyAuditEntry Audit(string action) =>
        new() { Id = Guid.CreateVersion7(), At = default, Action = action, KeyId = "key_1", Actor = "system", Changes = "{}" };

    private sealed class ShortContext(DbContextOptions<ShortContext> options) : DbContext(options)
    {
        protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
            configurationBuilder.Properties<string>().HaveMaxLength(50);

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseApiKeyAuth();
    }

    private sealed class None : IModelChange
    {
        public void Apply(ModelBuilder model)
        {
        }
    }

    private sealed class Restrict : IModelChange
    {
        public void Apply(ModelBuilder model)
        {
            foreach (var foreignKey in model.Model.GetEntityTypes().SelectMany(table => table.GetForeignKeys()))
            {
                foreignKey.DeleteBehavior = DeleteBehavior.Restrict;
            }
        }
    }
}
