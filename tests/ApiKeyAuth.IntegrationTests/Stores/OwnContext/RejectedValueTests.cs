using System.Data;
using System.Data.Common;
using ApiKeyAuth.Keys;
using ApiKeyAuth.PostgreSql;
using ApiKeyAuth.Sqlite;
using ApiKeyAuth.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Only constraint and length violations are reported as rejected values, on every database.</summary>
internal sealed class RejectedValueTests
{
    [Test]
    public async Task Add_SqliteConstraint_IsAConstraintException()
    {
        using var file = new SqliteFile();
        await using var host = await SqliteAsync(file);
        await ExecuteAsync<ApiKeySqliteContext>(host, """
            CREATE TRIGGER "short" BEFORE INSERT ON "ApiKeyAuthKeys" WHEN length(NEW."Name") > 5 BEGIN SELECT RAISE(ABORT, 'too long'); END
            """);
        await AssertRejectedAsync(host, "SqliteException 19");
    }

    [Test]
    public async Task Add_PostgreSqlLength_IsAConstraintException()
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await using var host = new StoreHost(builder => builder.AddPostgreSql(connectionString));
        await host.Services.MigrateApiKeysAsync();
        await ExecuteAsync<ApiKeyPostgreSqlContext>(
            host, """ALTER TABLE "ApiKeyAuthKeys" ALTER COLUMN "Name" TYPE varchar(5)""");
        await AssertRejectedAsync(host, "PostgresException 22001");
    }

    [TestCase("sqlite", "SqliteException 19")]
    [TestCase("postgresql", "PostgresException 23514")]
    public async Task AddUsage_RowViolatesAConstraint_IsAConstraintExceptionAndStoresNothing(string kind, string cause)
    {
        using var file = new SqliteFile();
        StoreHost host;
        if (kind == "sqlite")
        {
            host = await SqliteAsync(file);
            await ExecuteAsync<ApiKeySqliteContext>(host, """
                CREATE TRIGGER "no" BEFORE INSERT ON "ApiKeyAuthUsageHistory" WHEN NEW."Country" = 'XX' BEGIN SELECT RAISE(ABORT, 'no'); END
                """);
        }
        else
        {
            var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
            host = new StoreHost(builder => builder.AddPostgreSql(connectionString));
            await host.Services.MigrateApiKeysAsync();
            await ExecuteAsync<ApiKeyPostgreSqlContext>(
                host, """ALTER TABLE "ApiKeyAuthUsageHistory" ADD CHECK ("Country" <> 'XX')""");
        }

        await using var ending = host;
        await AddAsync(host);
        var (usage, hour) = ((IApiKeyUsageStore)host.Store, DateTimeOffset.UnixEpoch);
        ApiKeyUsageRecord Record(string country) => new()
        {
            KeyId = "key_1",
            Hash = new(new byte[ApiKeyHash.Length]),
            Count = 2,
            LastUsedAt = hour,
            Hour = hour,
            Outcome = "success",
            Country = country,
        };
        ApiKeyUsageBatch Batch(params string[] countries) =>
            new() { Id = Guid.CreateVersion7(), CreatedAt = hour, Records = [.. countries.Select(Record)] };

        var failure = Assert.ThrowsAsync<ConstraintException>(async () => await usage.AddUsageAsync(Batch("CH", "XX"), default));
        Assert.That(failure!.Message, Does.Contain(cause));
        Assert.That((await host.Store.GetAsync("key_1", default))!.UsageCount, Is.Zero);
        await usage.AddUsageAsync(Batch("CH"), default);
        Assert.That((await host.Store.GetAsync("key_1", default))!.UsageCount, Is.EqualTo(2));
    }

    [TestCase(2628, true)]
    [TestCase(547, true)]
    [TestCase(2601, true)]
    [TestCase(8152, true)]
    [TestCase(-2, false)]
    [TestCase(1205, false)]
    [TestCase(40613, false)]
    public async Task Add_SqlServerErrorNumber_DistinguishesViolationsFromOutages(int number, bool isViolation)
    {
        using var file = new SqliteFile();
        await using var host = await SqliteAsync(file, new FailingInsert(new SqlException(number)));
        if (isViolation)
        {
            await AssertRejectedAsync(host, $"SqlException {number}");
        }
        else
        {
            Assert.That(() => AddAsync(host), Throws.InstanceOf<DbUpdateException>());
        }
    }

    [TestCase(5)]
    [TestCase(10)]
    [TestCase(13)]
    public async Task Add_SqliteBusyOrBroken_IsAnOutage(int code)
    {
        using var file = new SqliteFile();
        await using var host = await SqliteAsync(file, new FailingInsert(new Microsoft.Data.Sqlite.SqliteException("fault", code)));
        Assert.That(() => AddAsync(host), Throws.InstanceOf<DbUpdateException>());
    }

    private static async Task<StoreHost> SqliteAsync(SqliteFile file, IInterceptor? fault = null)
    {
        var host = new StoreHost(builder =>
        {
            builder.Services.AddPooledDbContextFactory<ApiKeySqliteContext>(options =>
            {
                options.UseSqlite(file.ConnectionString);
                _ = fault is null ? options : options.AddInterceptors(fault);
            });
            builder.AddEntityFrameworkStore<ApiKeySqliteContext>();
        });
        await host.Services.MigrateApiKeysAsync();
        return host;
    }

    private static async Task ExecuteAsync<TContext>(StoreHost host, string sql)
        where TContext : DbContext
    {
        await using var context = await host.Services.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContextAsync();
        await context.Database.ExecuteSqlRawAsync(sql);
    }

    private static async Task AssertRejectedAsync(StoreHost host, string cause)
    {
        var failure = Assert.ThrowsAsync<ConstraintException>(() => AddAsync(host));
        Assert.That(failure!.Message, Does.Contain(cause).And.Not.Contain("hunter2"));
        Assert.That(await host.Store.GetAsync("key_1", default), Is.Null, "nothing was changed");
    }

    private static async Task AddAsync(StoreHost host)
    {
        var key = new ApiKey { Id = "key_1", Name = "hunter2", Secrets = [new() { Hash = new(new byte[ApiKeyHash.Length]) }] };
        await host.Store.AddAsync(
            key,
            [],
            new() { Id = Guid.CreateVersion7(), At = default, Action = "create", KeyId = key.Id, Actor = "system", Changes = "{}" },
            default);
    }

    /// <summary>Represents the exception of the SQL Server driver, which has a number and no SQLSTATE.</summary>
    private sealed class SqlException(int number) : DbException("hunter2")
    {
        public int Number => number;
    }

    private sealed class FailingInsert(Exception fault) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default) =>
            command.CommandText.Contains("INSERT INTO \"ApiKeyAuthKeys\"", StringComparison.Ordinal) ? throw fault : new(result);

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            command.CommandText.Contains("INSERT INTO \"ApiKeyAuthKeys\"", StringComparison.Ordinal) ? throw fault : new(result);
    }
}
