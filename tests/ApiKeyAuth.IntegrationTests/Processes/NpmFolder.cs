namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Represents a temporary folder with the npm packages of all tests, which the first test that needs one installs.</summary>
/// <remarks>Without npm or its registry the tests are skipped, and fail in CI.</remarks>
internal sealed class NpmFolder : IDisposable
{
    private static readonly string[] Packages =
    [
        "@modelcontextprotocol/sdk@1.32.2",
        "@redocly/cli@2.77.0",
        "@stoplight/spectral-cli@6.16.3",
        "@types/node@20.19.25",
        "axe-core@4.14.1",
        "openai@7.59.0",
        "re2-wasm@1.0.2",
        "standardwebhooks@1.0.0",
        "typescript@5.9.3",
    ];

    private static readonly Lazy<Task<NpmFolder>> Shared = new(InstallAsync);

    private NpmFolder(string path) => Location = path;

    public string Location { get; }

    public static Task<NpmFolder> InstalledAsync() => Shared.Value;

    /// <summary>Deletes the folder, if a test has used it.</summary>
    public static async Task DeleteAsync()
    {
        if (Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            (await Shared.Value).Dispose();
        }
    }

    /// <summary>Writes a file with a name of its own to the folder.</summary>
    /// <param name="extension">The extension, such as <c>.mjs</c>.</param>
    /// <param name="text">The text of the file.</param>
    public async Task<string> WriteAsync(string extension, string text)
    {
        var file = Path.Combine(Location, $"page-{Guid.NewGuid():N}{extension}");
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Location, recursive: true);

    /// <summary>Installs the packages with their versions, without running their scripts.</summary>
    private static async Task<NpmFolder> InstallAsync()
    {
        Installed.Find("npm", "npm");
        var folder = new NpmFolder(Directory.CreateTempSubdirectory("npm-").FullName);
        try
        {
            string[] install = ["install", "--prefix", folder.Location, "--no-audit", "--no-fund", "--ignore-scripts", .. Packages];
            var (exitCode, output) = await RunningProcess.RunAsync(
                "bash", ["-c", "npm \"$@\"", "npm", .. install], folder.Location, timeout: TimeSpan.FromMinutes(10));
            if (exitCode != 0)
            {
                TestContext.Out.WriteLine(output);
                Installed.Missing($"npm could not install {string.Join(", ", Packages)}, which needs npm and its registry.");
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
