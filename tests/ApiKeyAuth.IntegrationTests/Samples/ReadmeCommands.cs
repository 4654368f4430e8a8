using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>The shell blocks of a README, each with what the line below it says that the output contains.</summary>
internal static partial class ReadmeCommands
{
    /// <summary>Reads the blocks to paste, without those that start a server or the tests.</summary>
    /// <param name="path">The file of the README.</param>
    /// <param name="language">The language of the blocks: those that need a server besides are <c>sh</c>.</param>
    public static IReadOnlyList<(string Lines, string[] Outputs)> Read(string path, string language = "bash") =>
        [.. Blocks().Matches(File.ReadAllText(path))
            .Where(block => block.Groups[1].Value == language && !block.Groups[2].Value.StartsWith("dotnet ", StringComparison.Ordinal))
            .Select(block => (block.Groups[2].Value, Code().Matches(block.Groups[3].Value).Select(code => code.Groups[1].Value).ToArray()))];

    /// <summary>Pastes lines into an interactive shell without the user's own settings, as into a new terminal.</summary>
    public static async Task<string> PasteAsync(string shell, string lines, IReadOnlyDictionary<string, string?> exported)
    {
        Installed.Find("curl", "curl");
        var program = Installed.Find(shell, shell);
        var file = Path.GetTempFileName();
        try
        {
            // What prompts and programs write to standard error is dropped.
            await File.WriteAllTextAsync(file, lines);
            var start = shell == "zsh" ? $"{program} -f -i" : $"{program} --norc -i";
            return (await RunningProcess.RunAsync("bash", ["-c", $"{start} < '{file}' 2>/dev/null"], Repository.Root, exported)).Output;
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex("```(bash|sh)\n(.*?)```\n(?:\nThe output contains (`[^\n]*`)\\.\n)?", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
