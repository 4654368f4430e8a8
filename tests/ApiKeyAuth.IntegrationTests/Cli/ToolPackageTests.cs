using ApiKeyAuth.IntegrationTests.Package;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Packs the tool and installs it from its file, like a new user.</summary>
[Category("Long")]
internal sealed class ToolPackageTests
{
    private string _folder = null!;

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("tool-package-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Package_InstalledFromItsFile_Runs()
    {
        await DotNet.RunAsync(
            [
                "pack", "src/ApiKeyAuth.Cli", "--no-build", "-c", Repository.Configuration, "-o", Path.Combine(_folder, "source"),
                "-p:MinVerVersionOverride=0.0.1-test",
            ],
            Repository.Root);
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), """
            <configuration><packageSources><clear /><add key="local" value="source" /></packageSources></configuration>
            """);

        await DotNet.RunAsync(
            ["tool", "install", "ApiKeyAuth.Cli", "--version", "0.0.1-test", "--tool-path", "tools"], _folder);
        var (exitCode, output) = await RunningProcess.RunAsync(
            Path.Combine(_folder, "tools", "apikeyauth"), ["new", "--name", "Billing", "--json", "hash"], _folder);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match("""^\{"hash":"sha256:[0-9a-f]{64}"\}$"""));
    }
}
