using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>Starts the Quickstart as two nodes by the README's two commands, and pastes what the README shows of them.</summary>
internal sealed partial class QuickstartNodesTests
{
    private const int Trials = 3;

    // Half of the limit of 60, less this request: what a node answers that decides by its own share, because Redis was late.
    private const string LocalShare = "X-RateLimit-Remaining: 29";

    [Test]
    public async Task Readme_TwoNodes_KeepItsPromises()
    {
        var readme = Repository.PathOf("README.md");
        var starts = Starts().Matches(await File.ReadAllTextAsync(readme)).Select(start => start.Value).ToList();
        Assert.That(starts, Has.Count.EqualTo(2));
        var blocks = ReadmeCommands.Read(readme, "sh");
        var printed = await PasteAsync(starts, blocks);

        // On a busy machine Redis may be later than the 40 ms of the README. That says nothing about its promises.
        for (var trial = 1; trial < Trials && printed.Any(output => output.Contains(LocalShare, StringComparison.Ordinal)); trial++)
        {
            printed = await PasteAsync(starts, blocks);
        }

        foreach (var ((block, outputs), output) in blocks.Zip(printed))
        {
            foreach (var expected in outputs)
            {
                Assert.That(output, Does.Contain(expected), block);
            }
        }
    }

    /// <summary>Starts a server and two nodes with new keys, and pastes the blocks.</summary>
    private static async Task<string[]> PasteAsync(List<string> starts, IReadOnlyList<(string Lines, string[] Outputs)> blocks)
    {
        var home = Directory.CreateTempSubdirectory("nodes-");
        try
        {
            await using var redis = await RedisServer.StartAsync();
            await using var first = Start(starts[0], redis, 5080, home);
            var one = (await first.WaitForAsync("Now listening on: ")).Trim();
            await first.WaitForAsync("curl ");
            var exported = Exports()
                .Matches(first.Output)
                .ToDictionary(match => match.Groups[1].Value, match => (string?)match.Groups[2].Value);
            await using var second = Start(starts[1], redis, 5081, home);
            var two = (await second.WaitForAsync("Now listening on: ")).Trim();

            // One shell, as the lines use what earlier ones found out.
            var lines = string.Concat(blocks.Select(block => $"{block.Lines}printf '\\n{Mark}\\n'\n"))
                .Replace("http://localhost:5080", one, StringComparison.Ordinal)
                .Replace("http://localhost:5081", two, StringComparison.Ordinal);
            return (await ReadmeCommands.PasteAsync("bash", lines, exported)).Split(Mark);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private const string Mark = "=== end of block";

    // The README's line, but for the ports and a build that is there already.
    private static RunningProcess Start(string command, RedisServer redis, int port, DirectoryInfo home)
    {
        var line = command
            .Replace("localhost:6379", redis.ConnectionString, StringComparison.Ordinal)
            .Replace($" --urls=http://localhost:{port}", "", StringComparison.Ordinal)
            .Replace(" --no-build", "", StringComparison.Ordinal)
            .Replace(" -- ", $" --no-build -c {Repository.Configuration} -- --urls=http://127.0.0.1:0 ", StringComparison.Ordinal);
        return new RunningProcess("bash", ["-c", "exec " + line], Repository.Root, new Dictionary<string, string?>
        {
            ["HOME"] = home.FullName,
            ["DOTNET_CLI_HOME"] = home.FullName,
            ["ConnectionStrings__ApiKeys"] = $"Data Source={Path.Combine(home.FullName, "keys.db")}",
        });
    }

    [GeneratedRegex("^dotnet run .*Redis=.*$", RegexOptions.Multiline)]
    private static partial Regex Starts();

    [GeneratedRegex("^export ([A-Z_]+)='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
