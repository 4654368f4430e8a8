using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>Runs the command <c>dotnet</c> in the repository, or in a folder that uses its packages.</summary>
internal static class DotNet
{
    private static readonly string MachinePackages = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Runs it to its end, which must be a success.</summary>
    /// <remarks>A folder has packages of its own, because the version is the same in every run; the rest may come from those of the machine.</remarks>
    /// <returns>What it wrote.</returns>
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
