using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>Runs the command <c>dotnet</c> in the repository, or in a folder that uses its packages.</summary>
internal static class DotNet
{
    private static readonly string MachinePackages =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Runs the command to its end. Throws if it fails.</summary>
    /// <remarks>
    /// Each folder has its own package cache for the library, because the version is the same in every run. Other packages may be shared.
    /// </remarks>
    /// <returns>The output of the command.</returns>
    public static async Task<string> RunAsync(string[] arguments, string folder)
    {
        var isRepository = folder == Repository.Root;
        var (exitCode, output) = await RunningProcess.RunAsync(
            "dotnet",
            arguments,
            folder,
            new Dictionary<string, string?>
            {
                ["NUGET_PACKAGES"] = isRepository ? null : Path.Combine(folder, "packages"),
                ["NUGET_FALLBACK_PACKAGES"] = isRepository ? null : MachinePackages,
            },
            TimeSpan.FromMinutes(10));
        Assert.That(exitCode, Is.Zero, output);
        return output;
    }
}
