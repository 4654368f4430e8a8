using ApiKeyAuth.PostgreSql;
using ApiKeyAuth.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Tests startup with a database whose schema is missing or outdated.</summary>
internal sealed class SchemaTests
{
    private SqliteFile _file = null!;

    [SetUp]
    public void Create() => _file = new SqliteFile();

    [TearDown]
    public void Delete() => _file.Dispose();

    [Test]
    public void Migrations_Model_HasNoPendingChanges()
    {
        using var sqlite = new ApiKeySqliteContext(
            new DbContextOptionsBuilder<ApiKeySqliteContext>().UseSqlite("Data Source=none.db").Options);
        using var postgreSql = new ApiKeyPostgreSqlContext(
            new DbContextOptionsBuilder<ApiKeyPostgreSqlContext>().UseNpgsql("Host=none").Options);

        Assert.That(sqlite.Database.HasPendingModelChanges(), Is.False);
        Assert.That(postgreSql.Database.HasPendingModelChanges(), Is.False);
    }

    [Test]
    public void Start_NotMigrated_NamesTheCallAndCreatesNoFile()
    {
        var failure = Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(builder => builder.AddSqlite(_file.ConnectionString)));

        Assert.That(failure!.Message, Does.Contain("migrate: true").And.Contain("MigrateApiKeysAsync()"));
        Assert.That(File.Exists(_file.Path), Is.False);
    }

    [Test]
    public async Task Start_Migrating_CreatesTheTablesAndAWriteAheadLog()
    {
        await StartAsync(builder => builder.AddSqlite(_file.ConnectionString, migrate: true));
        await StartAsync(builder => builder.AddSqlite(_file.ConnectionString));

        await using var connection = new SqliteConnection(_file.ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqliteCommand("PRAGMA journal_mode", connection);
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo("wal"));
    }

    [Test]
    public async Task Start_MigratedBeforeRun_Starts()
    {
        await using var host = new StoreHost(builder => builder.AddSqlite(_file.ConnectionString));
        await host.Services.MigrateApiKeysAsync();

        await StartAsync(builder => builder.AddSqlite(_file.ConnectionString));
    }

    [Test]
    public async Task Migrate_EightProcessesConcurrently_AllSucceed()
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var host = new StoreHost(builder => builder.AddPostgreSql(connectionString));
            await host.Services.MigrateApiKeysAsync();
            Assert.That(await host.Store.CountAsync(new(), default), Is.Zero);
        })));
    }

    [Test]
    public void Start_InMemoryDatabase_IsRejected(
        [Values("Data Source=:memory:", "Data Source=k;Mode=Memory;Cache=Shared", "Data Source=")] string connectionString) =>
        Assert.That(
            () => new ServiceCollection().AddApiKeyAuth().AddSqlite(connectionString),
            Throws.ArgumentException.With.Message.Contains("AddInMemoryStore()"));

    [Test]
    public void Start_PostgreSqlDown_StartsAndRejectsReads()
    {
        var connectionString = "Host=127.0.0.1;Port=1;Username=u;Database=d;Timeout=2";
        Assert.DoesNotThrowAsync(() => StartAsync(builder => builder.AddPostgreSql(connectionString)));
        Assert.That(() => StartAsync(builder => builder.AddPostgreSql(connectionString, migrate: true)), Throws.Exception);
    }

    [Test]
    public void Start_HostContextWithoutFactory_NamesTheCall() => Assert.That(
        () => StartAsync(builder => builder.AddEntityFrameworkStore<BareContext>()),
        Throws.InvalidOperationException.With.Message.Contains("AddPooledDbContextFactory<BareContext>"));

    [Test]
    public void Start_HostContextWithoutTheModel_NamesTheCall() => Assert.That(
        () => StartAsync(builder =>
        {
            builder.Services.AddPooledDbContextFactory<BareContext>(options => options.UseSqlite(_file.ConnectionString));
            builder.AddEntityFrameworkStore<BareContext>();
        }),
        Throws.InvalidOperationException.With.Message.Contains("modelBuilder.UseApiKeyAuth()"));

    [Test]
    public void Start_HostContextWithoutTheTables_RequestsAMigration() => Assert.That(
        () => StartAsync(builder =>
        {
            builder.Services.AddPooledDbContextFactory<HostContextStoreTests.HostContext>(
                options => options.UseSqlite(_file.ConnectionString));
            builder.AddEntityFrameworkStore<HostContextStoreTests.HostContext>();
        }),
        Throws.InvalidOperationException.With.Message.Contains("add a migration to HostContext"));

    [Test]
    public void SqlServer_Script_IsUnchanged()
    {
        using var context = new ScriptContext(new DbContextOptionsBuilder<ScriptContext>().UseSqlServer("Server=none").Options);
        var path = Repository.PathOf("tests", "ApiKeyAuth.IntegrationTests", "Stores", "SqlServer.sql");
        var script = context.Database.GenerateCreateScript().ReplaceLineEndings("\n").TrimEnd() + "\n";
        Assert.That(script, Is.EqualTo(File.ReadAllText(path)));
    }

    private static async Task StartAsync(Action<ApiKeyAuthBuilder> addStore)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        addStore(builder.Services.AddApiKeyAuth());
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        await app.StartAsync();
        await app.StopAsync();
    }

    private sealed class BareContext(DbContextOptions<BareContext> options) : DbContext(options);

    private sealed class ScriptContext(DbContextOptions<ScriptContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseApiKeyAuth("keys");
    }
}
