using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>The shell blocks of a page, each with what the line below it says that the output contains.</summary>
internal static class ReadmeCommands
{
    /// <summary>Reads the blocks to paste, without those that start a server or the tests.</summary>
    /// <param name="page">The page.</param>
    /// <param name="language">The language of the blocks: those that need a server besides are <c>sh</c>.</param>
    public static IReadOnlyList<(string Lines, IReadOnlyList<string> Outputs)> Read(MarkdownPage page, string language = "bash") =>
        [.. page.Blocks(language).Where(block => !block.IsDotNet)
            .Select(block => (block.Code, block.Outputs))];

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
}
