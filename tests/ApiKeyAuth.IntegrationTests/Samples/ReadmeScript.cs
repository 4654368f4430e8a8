using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>The shell lines of a sample's README, pasted one after the other into one shell; each keeps the promise behind its <c>#</c>.</summary>
internal static partial class ReadmeScript
{
    private const string Mark = "=== end of line ";

    public static async Task AssertKeepsItsPromisesAsync(RunningSample sample, string name, string documentedAddress)
    {
        var text = await File.ReadAllTextAsync(Repository.PathOf("samples", name, "README.md"));
        var commands = Commands(text.Replace(documentedAddress, sample.Address, StringComparison.Ordinal)).ToList();
        Assert.That(commands.Count(command => command.Contains("curl ", StringComparison.Ordinal)), Is.GreaterThan(5), "The README shows few lines to paste.");

        var script = string.Concat(commands.Index().Select(line => $"{line.Item}\nprintf '\\n{Mark}%d\\n' {line.Index}\n"));
        var output = await PageCode.ShellAsync($"cd '{Repository.Root}'\n{script}", sample.Exported.Concat(sample.Environment).ToDictionary());

        var answers = Marks().Split(output);
        using (Assert.EnterMultipleScope())
        {
            foreach (var (index, command) in commands.Index())
            {
                foreach (var promise in Promises(command))
                {
                    Assert.That(answers[index], Does.Contain(promise), command);
                }
            }
        }
    }

    private static string[] Promises(string command) =>
        command.Split('\n')[^1].Split(" # ") is [_, var promises] ? promises.Split(", ") : [];

    /// <summary>Puts lines together to commands: one goes on where a quote is open or a backslash ends the line.</summary>
    private static IEnumerable<string> Commands(string readme)
    {
        var command = "";
        foreach (var line in Blocks().Matches(readme).SelectMany(block => block.Groups[1].Value.TrimEnd().Split('\n')).Where(line => !line.StartsWith("dotnet ", StringComparison.Ordinal)))
        {
            command = command.Length == 0 ? line : $"{command}\n{line}";
            if (!line.EndsWith('\\') && command.Count(character => character == '\'') % 2 == 0)
            {
                yield return command;
                command = "";
            }
        }
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\n?=== end of line \d+\n?")]
    private static partial Regex Marks();
}
