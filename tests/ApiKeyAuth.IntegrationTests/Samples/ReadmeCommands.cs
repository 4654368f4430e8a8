using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>The shell lines a README shows, each with the answer it promises behind a <c>#</c>.</summary>
internal static partial class ReadmeCommands
{
    public static IReadOnlyList<(string Command, string Promise)> Read(string path) =>
        [.. Blocks().Matches(File.ReadAllText(path))
            .SelectMany(block => block.Groups[1].Value.Split('\n'))
            .Where(line => line.StartsWith("curl ", StringComparison.Ordinal))
            .Select(line => line.Split('#', 2, StringSplitOptions.TrimEntries))
            .Select(parts => (parts[0], parts is [_, var promise] ? promise : ""))];

    /// <summary>Pastes a line into a shell that has the exported variables.</summary>
    public static Task<(int ExitCode, string Output)> PasteAsync(string command, IReadOnlyDictionary<string, string?> exported) =>
        RunningProcess.RunAsync("bash", ["-c", command], Repository.Root, exported);

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
