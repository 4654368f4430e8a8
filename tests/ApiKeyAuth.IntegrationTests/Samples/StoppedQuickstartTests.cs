using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>Starts the Quickstart on a slow core: it runs 25 of every 100 milliseconds.</summary>
[Category("Long"), Parallelizable(ParallelScope.All)]
internal sealed partial class StoppedQuickstartTests
{
    [Test]
    public async Task Start_OnASlowCore_LosesNoDemoKeyAndPrintsNoneTwice()
    {
        var home = Directory.CreateTempSubdirectory("quickstart-").FullName;
        try
        {
            var first = await RunSlowlyAsync(home);
            Assert.That(first, Is.EqualTo(new[] { "DEMO_KEY", "DEMO_FAST_KEY", "ADMIN_KEY" }));
            Assert.That(await RunSlowlyAsync(home), Is.Empty);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Test]
    public async Task Start_KeysCannotBeListed_StopsWithTheProblem()
    {
        var home = Directory.CreateTempSubdirectory("quickstart-").FullName;
        try
        {
            await RunSlowlyAsync(home, isSlow: false);

            // The table that a listing reads is gone, and the one of the migrations is not.
            await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(home, "keys.db")}"))
            {
                await connection.OpenAsync();
                await using var command = connection.CreateCommand();
                command.CommandText = """ALTER TABLE "ApiKeyAuthUsage" RENAME TO "Gone" """;
                await command.ExecuteNonQueryAsync();
            }

            await using var again = Start(home);
            Assert.That(await again.EndedAsync(), Is.Not.Zero);
            Assert.That(again.Output, Does.Contain("The API key store cannot be reached").And.Not.Contain("export "));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>Runs it until it listens and has answered a key.</summary>
    /// <returns>The names of the keys that it printed.</returns>
    private static async Task<string[]> RunSlowlyAsync(string home, bool isSlow = true)
    {
        await using var process = Start(home);
        using var end = new CancellationTokenSource();
        var slowing = isSlow ? SlowDownAsync(process.Id, end.Token) : Task.CompletedTask;
        try
        {
            await process.WaitForAsync("curl ");
        }
        finally
        {
            await end.CancelAsync();
            await slowing;
        }

        return [.. Exports().Matches(process.Output).Select(match => match.Groups[1].Value)];
    }

    private static RunningProcess Start(string home) => new(
        "dotnet",
        [Path.Combine(Repository.Root, "samples", "Quickstart", "bin", Repository.Configuration, "net10.0", "Quickstart.dll"), "--urls", "http://127.0.0.1:0"],
        Path.Combine(Repository.Root, "samples", "Quickstart"),
        new Dictionary<string, string?>
        {
            ["HOME"] = home,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__ApiKeys"] = $"Data Source={Path.Combine(home, "keys.db")}",
        });

    private static async Task SlowDownAsync(int process, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await SignalAsync("STOP", process);
            await Task.Delay(75, CancellationToken.None);
            await SignalAsync("CONT", process);
            await Task.Delay(25, CancellationToken.None);
        }
    }

    private static async Task SignalAsync(string signal, int process)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-" + signal, $"{process}"]);
        await kill.WaitForExitAsync();
    }

    [GeneratedRegex("^export ([A-Z_]+)='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
