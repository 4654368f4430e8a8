using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>The shell blocks of a sample's README, pasted one after the other into one shell; each prints what the README says.</summary>
internal static partial class ReadmeScript
{
    private const string Mark = "=== end of block ";

    /// <summary>
    /// Pastes them into <c>bash</c>, or into <c>zsh</c> as on a Mac, whose interactive shell takes <c>#</c> for an argument.
    /// </summary>
    public static async Task AssertPrintsWhatItSaysAsync(string name, string documentedAddress, string shell)
    {
        Installed.Find("curl", "curl");
        var blocks = ReadmeCommands.Read(MarkdownPage.Get($"samples/{name}/README.md"));
        Assert.That(blocks.Count(block => block.Outputs.Count > 0), Is.GreaterThan(5), "The README shows few lines to paste.");
        await using var sample = await RunningSample.StartAsync(name);
        await AssertPrintsWhatItSaysAsync(
            blocks, documentedAddress, sample.Address, sample.Exported.Concat(sample.Environment).ToDictionary(), shell);
    }

    /// <summary>Pastes blocks of a page.</summary>
    public static async Task AssertPrintsWhatItSaysAsync(
        IReadOnlyList<(string Lines, IReadOnlyList<string> Outputs)> blocks,
        string documentedAddress,
        string address,
        IReadOnlyDictionary<string, string?> environment,
        string shell)
    {
        Installed.Find("curl", "curl");
        var script = string.Concat(blocks.Index().Select(block => $"{block.Item.Lines}printf '\\n{Mark}%d\\n' {block.Index}\n"));
        var output = await ReadmeCommands.PasteAsync(
            shell,
            script.Replace(documentedAddress, address, StringComparison.Ordinal),
            environment);

        var printed = Marks().Split(output);
        Assert.That(printed, Has.Length.EqualTo(blocks.Count + 1), output);
        using (Assert.EnterMultipleScope())
        {
            foreach (var (index, (lines, outputs)) in blocks.Index())
            {
                foreach (var expected in outputs)
                {
                    Assert.That(printed[index], Does.Contain(expected), lines);
                }

                Assert.That(printed[index], outputs.Count == 0 ? Is.Empty : Does.EndWith("\n"), "a prompt follows on a line of its own");
            }
        }
    }

    [GeneratedRegex(@"\n=== end of block \d+(?:\n|$)")]
    private static partial Regex Marks();
}
