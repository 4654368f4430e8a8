using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>Starts the Quickstart as two nodes by the commands of the page about several nodes, and pastes what it shows.</summary>
[NonParallelizable] // Redis must answer within the 40 ms of the page, which other tests on the same cores can delay.
internal sealed partial class QuickstartNodesTests
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("nodes-");

    [OneTimeTearDown]
    public void Delete() => _home.Delete(recursive: true);

    [Test]
    public async Task Page_TwoNodes_KeepItsPromises()
    {
        await using var redis = await RedisServer.StartAsync();
        var page = MarkdownPage.Get("src/ApiKeyAuth/docs/several-nodes.md");
        var starts = Starts().Matches(page.Text).Select(start => start.Value).ToList();
        Assert.That(starts, Has.Count.EqualTo(2));
        await using var first = Start(starts[0], redis, 5080);
        var one = (await first.WaitForAsync("Now listening on: ")).Trim();
        await first.WaitForAsync("curl ");
        var exported = Exports()
            .Matches(first.Output)
            .ToDictionary(match => match.Groups[1].Value, match => (string?)match.Groups[2].Value);
        await using var second = Start(starts[1], redis, 5081);
        var two = (await second.WaitForAsync("Now listening on: ")).Trim();

        // One shell, as the lines use what earlier ones found out.
        var blocks = ReadmeCommands.Read(page, "sh");
        var lines = string.Concat(blocks.Select(block => $"{block.Lines}printf '\\n{Mark}\\n'\n"))
            .Replace(
                "http://localhost:5080", one, StringComparison.Ordinal).Replace("http://localhost:5081", two, StringComparison.Ordinal);
        var printed = (await ReadmeCommands.PasteAsync("bash", lines, exported)).Split(Mark);
        foreach (var ((block, outputs), output) in blocks.Zip(printed))
        {
            foreach (var expected in outputs)
            {
                Assert.That(output, Does.Contain(expected), block);
            }
        }
    }

    private const string Mark = "=== end of block";

    // The line of the page, but for the ports and a build that is there already.
    private RunningProcess Start(string command, RedisServer redis, int port)
    {
        var line = command
            .Replace("localhost:6379", redis.ConnectionString, StringComparison.Ordinal)
            .Replace($" --urls=http://localhost:{port}", "", StringComparison.Ordinal)
            .Replace(" --no-build", "", StringComparison.Ordinal)
            .Replace(" -- ", $" --no-build -c {Repository.Configuration} -- --urls=http://127.0.0.1:0 ", StringComparison.Ordinal);
        return new RunningProcess("bash", ["-c", "exec " + line], Repository.Root, new Dictionary<string, string?>
        {
            ["HOME"] = _home.FullName,
            ["DOTNET_CLI_HOME"] = _home.FullName,
            ["ConnectionStrings__ApiKeys"] = $"Data Source={Path.Combine(_home.FullName, "keys.db")}",
            ["ApiKeyAuth__Cache__StoreTimeout"] = "00:01:00",
        });
    }

    [GeneratedRegex("^dotnet run .*Redis=.*$", RegexOptions.Multiline)]
    private static partial Regex Starts();

    [GeneratedRegex("^export ([A-Z_]+)='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
