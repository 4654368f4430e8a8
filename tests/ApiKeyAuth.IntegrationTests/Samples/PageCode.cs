using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>Runs the code that a product's page shows, by the program a reader would run it with.</summary>
internal static class PageCode
{
    /// <summary>Pastes shell lines; what they write to standard error (curl's progress) is dropped.</summary>
    public static Task<string> ShellAsync(string code, IReadOnlyDictionary<string, string?>? variables = null)
    {
        Installed.Find("curl", "curl");
        return RunAsync("bash", ["-c", "exec 2>/dev/null\n" + code], variables);
    }

    public static async Task<string> NodeAsync(string code, IReadOnlyDictionary<string, string?>? variables = null)
    {
        await RequireAsync("node", "--version");
        return await RunFileAsync("page.mjs", code, file => RunAsync("node", [file], variables));
    }

    public static async Task<string> PythonAsync(string code, IReadOnlyDictionary<string, string?>? variables = null)
    {
        await RequireAsync("python3", "-c", "import requests");
        return await RunFileAsync("page.py", code, file => RunAsync("python3", [file], variables));
    }

    /// <summary>Compiles as strictly as the compiler can, then runs what it made.</summary>
    public static async Task<string> TypeScriptAsync(string code, IReadOnlyDictionary<string, string?>? variables = null)
    {
        var npm = await NpmFolder.InstalledAsync();
        var file = await npm.WriteAsync(".mts", code);
        string[] compile =
        [
            Path.Combine(npm.Location, "node_modules", "typescript", "bin", "tsc"),
            "--strict",
            "--target",
            "es2022",
            "--module",
            "nodenext",
            file,
        ];
        await RunAsync("node", compile, folder: npm.Location);
        return await RunAsync("node", [Path.ChangeExtension(file, ".mjs")], variables);
    }

    private static async Task RequireAsync(string program, params string[] arguments)
    {
        Installed.Find(program, program is "node" ? "nodejs" : program);
        var (exitCode, _) = await RunningProcess.RunAsync("bash", ["-c", "\"$@\"", "bash", program, .. arguments], Path.GetTempPath());
        if (exitCode != 0)
        {
            Installed.Missing($"{program} {string.Join(' ', arguments)} does not run here.");
        }
    }

    private static async Task<string> RunFileAsync(string name, string code, Func<string, Task<string>> run)
    {
        var folder = Directory.CreateTempSubdirectory("page-").FullName;
        try
        {
            var file = Path.Combine(folder, name);
            await File.WriteAllTextAsync(file, code);
            return await run(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? variables = null, string? folder = null)
    {
        var (exitCode, output) = await RunningProcess.RunAsync(program, arguments, folder ?? Path.GetTempPath(), variables);
        Assert.That(exitCode, Is.Zero, output);
        return output;
    }
}
