using System.Data.Common;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.PostgreSql;
using ApiKeyAuth.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests commands against a database that has only the first migration.</summary>
internal sealed class OlderSchemaTests
{
    private const string FirstMigration = "Initial";
    private const string HistoryTable = "ApiKeyAuthMigrations";

    private static readonly string[] Commands =
    [
        "keys list", "keys show key_1", "keys create --name Ada", "keys update key_1 --name Ada", "keys rotate key_1",
        "keys complete key_1", "keys cancel key_1", "keys revoke key_1 --yes", "keys disable key_1", "keys enable key_1", "keys delete key_1 --yes", "keys verify",
        "keys import keys.json --from json", "keys export --to json", "usage key_1", "audit key_1", "scopes list", "whoami",
        "rotate-due --max-age 90d --output-dir new",
    ];

    private ToolHost _tool = null!;

    [SetUp]
    public void Create() => _tool = new ToolHost();

    [TearDown]
    public void Delete() => _tool.Dispose();

    [TestCaseSource(nameof(Commands))]
    public async Task Command_SqliteOfTheFirstMigration_IsOneLineAndWritesNothing(string command)
    {
        using var file = new SqliteFile();
        await using var context = new ApiKeySqliteContext(new DbContextOptionsBuilder<ApiKeySqliteContext>()
            .UseSqlite(file.ConnectionString, sqlite => sqlite.MigrationsHistoryTable(HistoryTable)).Options);
        await context.GetService<IMigrator>().MigrateAsync(FirstMigration);

        await AssertFailsAsync(command, file.ConnectionString, nameof(ApiKeySqliteContext));

        await AssertEmptyAsync(context);
        SqliteConnection.ClearAllPools();
    }

    [Test]
    public async Task Import_PostgreSqlOfTheFirstMigration_IsOneLineAndWritesNothing()
    {
        var connection = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await using var context = new ApiKeyPostgreSqlContext(new DbContextOptionsBuilder<ApiKeyPostgreSqlContext>()
            .UseNpgsql(connection, postgreSql => postgreSql.MigrationsHistoryTable(HistoryTable)).Options);
        await context.GetService<IMigrator>().MigrateAsync(FirstMigration);

        await AssertFailsAsync("keys import keys.json --from json", connection, nameof(ApiKeyPostgreSqlContext));

        await AssertEmptyAsync(context);
    }

    private async Task AssertFailsAsync(string command, string connection, string context)
    {
        await File.WriteAllTextAsync(
            _tool.PathOf("keys.json"), $$"""[ { "name": "Ada", "environment": "live", "hash": "{{new string('a', 64)}}" } ]""");

        var result = await _tool.RunWithInputAsync("key_live_x\n", [.. command.Split(' '), "--connection", connection]);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, "")), result.Error);
        Assert.That(result.Error, Does.Match(
            $@"^error: The database of {context} lacks [2-9] migration\(s\), starting with \d+_ListByOwner: .* when you deploy\.\n$"));
    }

    private static async Task AssertEmptyAsync(DbContext context)
    {
        var connection = context.Database.GetDbConnection();
        Assert.That(await CountAsync(connection, HistoryTable), Is.EqualTo(1));
        foreach (var table in new[] { "ApiKeyAuthKeys", "ApiKeyAuthSecrets", "ApiKeyAuthUsage", "ApiKeyAuthAudit" })
        {
            Assert.That(await CountAsync(connection, table), Is.Zero, table);
        }
    }

    private static async Task<long> CountAsync(DbConnection connection, string table)
    {
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await connection.OpenAsync();
        }

        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM \"{table}\"";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
