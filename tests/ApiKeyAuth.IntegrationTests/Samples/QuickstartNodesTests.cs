using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>Starts the Quickstart as two nodes by the README's two commands, and pastes what the README shows of them.</summary>
internal sealed partial class QuickstartNodesTests
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("nodes-");

    [OneTimeTearDown]
    public void Delete() => _home.Delete(recursive: true);

    [Test]
    public async Task Readme_TwoNodes_KeepItsPromises()
    {
        await using var redis = await RedisServer.StartAsync();
        string[] lines = [.. Blocks().Matches(await File.ReadAllTextAsync(Repository.PathOf("README.md"))).SelectMany(block => block.Groups[1].Value.Trim().Split('\n'))];
        var starts = lines.Where(line => line.StartsWith("dotnet run ", StringComparison.Ordinal)).ToList();
        Assert.That(starts, Has.Count.EqualTo(2));
        await using var first = Start(starts[0], redis, 5080);
        var one = (await first.WaitForAsync("Now listening on: ")).Trim();
        var exported = Exports().Matches(first.Output).ToDictionary(match => match.Groups[1].Value, match => (string?)match.Groups[2].Value);
        await using var second = Start(starts[1], redis, 5081);
        var two = (await second.WaitForAsync("Now listening on: ")).Trim();

        // One shell, as the lines use what earlier ones found out.
        var commands = lines.Except(starts).Select(line => line
            .Replace("http://localhost:5080", one, StringComparison.Ordinal).Replace("http://localhost:5081", two, StringComparison.Ordinal)).ToList();
        var output = await PageCode.ShellAsync(string.Concat(commands.Select(command => $"{command}\nprintf '\\n{Mark}\\n'\n")), exported);
        foreach (var (command, answer) in commands.Zip(output.Split(Mark)))
        {
            foreach (var promise in command.Split(" # ") is [_, var promises] ? promises.Split(", ") : [])
            {
                Assert.That(answer, Does.Contain(promise), command);
            }
        }
    }

    private const string Mark = "=== end of line";

    // The README's line, but for the ports and a build that is there already.
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
        });
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("^export ([A-Z_]+)='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
