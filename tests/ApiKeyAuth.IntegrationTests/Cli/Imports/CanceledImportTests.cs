using ApiKeyAuth.IntegrationTests.Processes;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ApiKeyAuth.IntegrationTests.Cli.Imports;

/// <summary>Tests an import that Ctrl-C cancels, in a process of its own, and its repetition.</summary>
[Platform(Exclude = "Win"), Category("Long")]
internal sealed class CanceledImportTests
{
    private const int Count = 20_000;

    [Test]
    public async Task Import_CanceledInTheMiddle_LeavesCompleteKeysAndIsRepeated()
    {
        using var tool = new ToolHost();
        await ImportFixture.WriteSettingsAsync(tool);
        await using var database = await KeysDatabase.CreateSqliteAsync();
        await File.WriteAllLinesAsync(
            tool.PathOf("keys.csv"),
            Enumerable.Range(0, Count).Select(index => $"Key {index},SyntheticKeySynthetic{index:D6}").Prepend("name,key"));
        string[] import = ["keys", "import", "keys.csv", "--from", "csv", "--connection", database.ConnectionString];

        int exitCode;
        string output;
        await using (var process = new RunningProcess("dotnet", [ToolHost.Program, .. import], tool.Folder))
        {
            // While the test holds the lock for writes, the import waits in the middle.
            await using (var connection = new SqliteConnection(database.ConnectionString))
            {
                await connection.OpenAsync();
                await Eventually.IsTrueAsync(() => TryHoldAsync(connection, database));
                await RunningProcess.RunAsync("kill", ["-INT", $"{process.Id}"], tool.Folder);
                raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            }

            exitCode = await process.EndedAsync();
            output = process.Output;
        }

        var stored = await CountAsync(database, "ApiKeyAuthKeys");
        Assert.That(stored, Is.GreaterThan(0).And.LessThan(Count), "the signal must arrive in the middle");
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.Contain(
            $"error: Canceled. {stored} keys are stored completely, the others not at all. Repeat the command to import the rest."));
        foreach (var table in new[] { "ApiKeyAuthSecrets", "ApiKeyAuthUsage", "ApiKeyAuthAudit" })
        {
            Assert.That(await CountAsync(database, table), Is.EqualTo(stored), table);
        }

        var again = (await tool.RunAsync(import)).AssertSucceeded();

        Assert.That(again.Error, Does.StartWith($"Imported {Count - stored} key(s) to ").And.Contain($" {stored} are there already."));
        Assert.That(await CountAsync(database, "ApiKeyAuthKeys"), Is.EqualTo(Count));
    }

    /// <summary>Takes the lock for writes if some keys are stored.</summary>
    private static async Task<bool> TryHoldAsync(SqliteConnection connection, KeysDatabase database)
    {
        // The library waits 150 ms between two attempts, in which the import stores many keys.
        if (raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE") != raw.SQLITE_OK)
        {
            return false;
        }

        if (await CountAsync(database, "ApiKeyAuthKeys") > 0)
        {
            return true;
        }

        raw.sqlite3_exec(connection.Handle, "ROLLBACK");
        return false;
    }

    private static async Task<int> CountAsync(KeysDatabase database, string table)
    {
        await using var connection = new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM \"{table}\"";
        return Convert.ToInt32(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
