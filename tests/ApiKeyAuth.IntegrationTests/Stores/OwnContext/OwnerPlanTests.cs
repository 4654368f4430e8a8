using System.Collections.Concurrent;
using System.Data.Common;
using ApiKeyAuth.EntityFrameworkCore;
using ApiKeyAuth.PostgreSql;
using ApiKeyAuth.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>The keys of an owner are found by an index, regardless of the number of keys of the tenant.</summary>
internal sealed class OwnerPlanTests
{
    private const string Index = "IX_ApiKeyAuthKeys_TenantId_OwnerId_CreatedAt_Id";

    [TestCase("tenant")]
    [TestCase(null)]
    public async Task List_OfAnOwnerOnSqlite_SearchesTheIndex(string? tenant)
    {
        using var file = new SqliteFile();
        var explain = new ExplainInterceptor("EXPLAIN QUERY PLAN ");
        var contexts = new Factory<ApiKeySqliteContext>(() => new(
            new DbContextOptionsBuilder<ApiKeySqliteContext>().UseSqlite(file.ConnectionString).AddInterceptors(explain).Options));
        await FillAsync(contexts, """
            WITH RECURSIVE "n"("i") AS (SELECT 1 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < 20000)
            INSERT INTO "ApiKeyAuthKeys" ("Id", "Name", "TenantId", "OwnerId", "Enabled", "ExpiresOnDate", "CreatedAt", "Version")
            SELECT 'key_' || "i", 'n', {0}, 'owner' || ("i" / 4), 1, 0, "i", 1 FROM "n"
            UNION ALL SELECT 'other_' || "i", 'n', 'other', 'owner7', 1, 0, "i", 1 FROM "n" WHERE {0} IS NOT NULL
            """, tenant);
        await ListAsync(contexts, explain, tenant);
        Assert.That(explain.Plan, Does.Match($@"SEARCH a USING (COVERING )?INDEX {Index} \(TenantId=\? AND OwnerId=\?"));
        Assert.That(explain.Plan, Does.Not.Match("(?m)SCAN a$"));
    }

    [TestCase("tenant")]
    [TestCase(null)]
    public async Task List_OfAnOwnerOnPostgreSql_SearchesTheIndex(string? tenant)
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        var explain = new ExplainInterceptor("EXPLAIN ");
        var contexts = new Factory<ApiKeyPostgreSqlContext>(() => new(
            new DbContextOptionsBuilder<ApiKeyPostgreSqlContext>().UseNpgsql(connectionString).AddInterceptors(explain).Options));
        await FillAsync(contexts, """
            INSERT INTO "ApiKeyAuthKeys" ("Id", "Name", "TenantId", "OwnerId", "Enabled", "ExpiresOnDate", "CreatedAt", "Version")
            SELECT 'key_' || i, 'n', {0}::text, 'owner' || (i / 4), true, false, i, 1 FROM generate_series(1, 20000) AS i
            UNION ALL SELECT 'other_' || i, 'n', 'other', 'owner7', true, false, i, 1 FROM generate_series(1, 20000) AS i
            WHERE {0}::text IS NOT NULL
            """, tenant);
        await using (var context = contexts.CreateDbContext())
        {
            await context.Database.ExecuteSqlRawAsync("ANALYZE \"ApiKeyAuthKeys\"");
        }

        await ListAsync(contexts, explain, tenant);
        Assert.That(explain.Plan, Does.Match("Index Cond: .*\"OwnerId\"").And.Not.Contain("Seq Scan on \"ApiKeyAuthKeys\""));

        if (tenant is not null)
        {
            // Without a tenant, the index of the owner is sufficient.
            Assert.That(explain.Plan, Does.Contain($"\"{Index}\" on \"ApiKeyAuthKeys\""));
        }
    }

    private static async Task FillAsync<TContext>(Factory<TContext> contexts, string sql, string? tenant)
        where TContext : DbContext
    {
        await using var context = contexts.CreateDbContext();
        await context.Database.MigrateAsync();
        await context.Database.ExecuteSqlRawAsync(sql, [tenant!]);
    }

    private static async Task ListAsync<TContext>(Factory<TContext> contexts, ExplainInterceptor explain, string? tenant)
        where TContext : DbContext
    {
        explain.IsOn = true;
        var store = new EntityFrameworkApiKeyStore<TContext>(contexts);
        var keys = await store.ListAsync(new() { TenantId = tenant, OwnerId = "owner7", Limit = 50 }, default);
        Assert.That(keys.Select(key => key.Id), Is.EqualTo(new[] { "key_31", "key_30", "key_29", "key_28" }));
    }

    private sealed class Factory<TContext>(Func<TContext> create) : IDbContextFactory<TContext>
        where TContext : DbContext
    {
        public TContext CreateDbContext() => create();
    }

    /// <summary>Captures the plan of each query.</summary>
    private sealed class ExplainInterceptor(string prefix) : DbCommandInterceptor
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public bool IsOn { get; set; }

        public string Plan => string.Join('\n', _lines);

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            if (!IsOn)
            {
                return result;
            }

            await using var explain = command.Connection!.CreateCommand();
            explain.CommandText = prefix + command.CommandText;
            foreach (DbParameter parameter in command.Parameters)
            {
                explain.Parameters.Add((parameter as ICloneable)?.Clone() ?? Copy(explain, parameter));
            }

            await using var lines = await explain.ExecuteReaderAsync(cancellationToken);
            while (await lines.ReadAsync(cancellationToken))
            {
                _lines.Enqueue(lines.GetString(lines.FieldCount - 1));
            }

            return result;
        }

        private static DbParameter Copy(DbCommand command, DbParameter parameter)
        {
            var copy = command.CreateParameter();
            (copy.ParameterName, copy.Value) = (parameter.ParameterName, parameter.Value);
            return copy;
        }
    }
}
