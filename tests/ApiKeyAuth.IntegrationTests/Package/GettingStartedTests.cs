using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Samples;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>Follows the page "Getting started" in an empty folder, with the packed library, up to its requests.</summary>
[Category("Long")]
internal sealed partial class GettingStartedTests
{
    public const string PagePath = "src/ApiKeyAuth/docs/getting-started.md";
    private const string Address = "http://localhost:5080";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("getting-started-");

    [OneTimeTearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [Test]
    public async Task Page_FollowedLiterally_PrintsWhatItSays()
    {
        var page = MarkdownPage.Get(PagePath);
        var blocks = page.Blocks("bash");
        Assert.That(
            blocks.Take(3).Select(block => block.Code.Split('\n')[0]),
            Is.EqualTo(new[] { "dotnet new web -o shop", "KEY=shop_live_$(openssl rand -hex 32)", $"dotnet run --urls {Address}" }));
        // A version that the command of the page finds, which is not a preview.
        await DotNet.RunAsync(
            [
                "pack", "src/ApiKeyAuth", "--no-build", "-c", Repository.Configuration, "-o", _folder.FullName,
                "-p:MinVerVersionOverride=0.1.0",
            ],
            Repository.Root);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="local" value="{_folder.FullName}" /></packageSources></configuration>
            """);

        var (exitCode, created) = await RunningProcess.RunAsync(
            "bash",
            ["-ec", $"{blocks[0].Code}{blocks[1].Code}printf 'KEY=%s\\n' \"$KEY\""],
            _folder.FullName,
            Environment,
            TimeSpan.FromMinutes(10));
        Assert.That(exitCode, Is.Zero, created);
        var (hash, key) = (HashLine().Match(created), KeyLine().Match(created));
        Assert.That(hash.Success && key.Success, created);

        var shop = Path.Combine(_folder.FullName, "shop");
        await File.WriteAllTextAsync(Path.Combine(shop, "Program.cs"), page.Blocks("csharp")[0].Code);
        await File.WriteAllTextAsync(
            Path.Combine(shop, "appsettings.json"),
            HashInSettings().Replace(page.Blocks("json")[0].Code, $"sha256:{hash.Groups[1].Value}"));
        await using var app = new RunningProcess(
            "bash",
            ["-c", "exec " + blocks[2].Code.Replace(Address, "http://127.0.0.1:0", StringComparison.Ordinal)],
            shop,
            Environment);
        var address = (await app.WaitForAsync("Now listening on: ")).Trim();

        await ReadmeScript.AssertPrintsWhatItSaysAsync(
            [.. ReadmeCommands.Read(page).Skip(1)],
            Address,
            address,
            new Dictionary<string, string?> { ["KEY"] = key.Groups[1].Value },
            "bash");
    }

    private Dictionary<string, string?> Environment => new()
    {
        ["HOME"] = _folder.FullName,
        ["DOTNET_CLI_HOME"] = _folder.FullName,
        ["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "packages"),
        ["DOTNET_NOLOGO"] = "true",
    };

    [GeneratedRegex("^([0-9a-f]{64}) ", RegexOptions.Multiline)]
    private static partial Regex HashLine();

    [GeneratedRegex("^KEY=(.+)$", RegexOptions.Multiline)]
    private static partial Regex KeyLine();

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex HashInSettings();
}
