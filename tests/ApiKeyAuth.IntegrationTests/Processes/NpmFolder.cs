namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Represents a temporary folder with npm packages. Without npm or its registry the test is skipped, and fails in CI.</summary>
internal sealed class NpmFolder : IDisposable
{
    private NpmFolder(string path) => Location = path;

    public string Location { get; }

    /// <summary>Installs packages with their versions, without running their scripts.</summary>
    public static async Task<NpmFolder> InstallAsync(params string[] packages)
    {
        Installed.Find("npm", "npm");
        var folder = new NpmFolder(Directory.CreateTempSubdirectory("npm-").FullName);
        try
        {
            string[] install = ["install", "--prefix", folder.Location, "--no-audit", "--no-fund", "--ignore-scripts", .. packages];
            var (exitCode, output) = await RunningProcess.RunAsync("bash", ["-c", "npm \"$@\"", "npm", .. install], folder.Location);
            if (exitCode != 0)
            {
                TestContext.Out.WriteLine(output);
                Installed.Missing($"npm could not install {string.Join(", ", packages)}, which needs npm and its registry.");
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file to the folder.</summary>
    public async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(Location, name);
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
