using System.Text.Json.Nodes;
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
        var settings = page.Blocks("json");
        Assert.That(
            blocks.Take(3).Select(block => block.Code.Split('\n')[0]),
            Is.EqualTo(new[] { "dotnet new web -o shop", "dotnet tool install --global ApiKeyAuth.Cli", $"dotnet run --urls {Address}" }));
        Assert.That(
            blocks[1].Code, Does.StartWith(MarkdownPage.Get("README.md").Blocks("bash")[1].Code.TrimEnd()), "the README has the same lines");
        await PackAsync("src/ApiKeyAuth");
        await PackAsync("src/ApiKeyAuth.Cli");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="local" value="{_folder.FullName}" /></packageSources></configuration>
            """);

        await RunAsync(blocks[0].Code, _folder.FullName);
        var shop = Path.Combine(_folder.FullName, "shop");
        var file = Path.Combine(shop, "appsettings.json");
        await File.WriteAllTextAsync(Path.Combine(shop, "Program.cs"), page.Blocks("csharp")[0].Code);
        await File.WriteAllTextAsync(file, settings[0].Code);
        var created = await RunAsync($"{blocks[1].Code}printf 'KEY=%s\\n' \"$KEY\"", shop);
        var (entry, key) = (Entry().Match(created), KeyLine().Match(created));
        Assert.That(entry.Success && key.Success, created);
        var keys = JsonNode.Parse(entry.Value)!["ApiKeyAuth"]!["Keys"]!.AsObject();
        Assert.That(GetMembers(keys), Is.EqualTo(GetMembers(JsonNode.Parse(settings[1].Code)!["ApiKeyAuth"]!["Keys"]!.AsObject())));
        var all = JsonNode.Parse(settings[0].Code)!;
        all["ApiKeyAuth"]!["Keys"] = keys.DeepClone();
        await File.WriteAllTextAsync(file, all.ToJsonString());

        await using var app = new RunningProcess(
            "bash",
            ["-c", "exec " + blocks[2].Code.Replace(Address, "http://127.0.0.1:0", StringComparison.Ordinal)],
            shop,
            Environment);
        var address = (await app.WaitForAsync("Now listening on: ")).Trim();

        await ReadmeScript.AssertPrintsWhatItSaysAsync(
            ReadmeCommands.Read(page),
            Address,
            address,
            new Dictionary<string, string?> { ["KEY"] = key.Groups[1].Value },
            "bash");
    }

    private Dictionary<string, string?> Environment => new()
    {
        ["HOME"] = _folder.FullName,
        ["PATH"] = $"{Path.Combine(_folder.FullName, ".dotnet", "tools")}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["DOTNET_CLI_HOME"] = _folder.FullName,
        ["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "packages"),
        ["DOTNET_NOLOGO"] = "true",
    };

    private static IEnumerable<string> GetMembers(JsonObject keys) => keys.Single().Value!.AsObject().Select(member => member.Key);

    // A version that the commands of the page find, which is not a preview.
    private async Task PackAsync(string project) => await DotNet.RunAsync(
        ["pack", project, "--no-build", "-c", Repository.Configuration, "-o", _folder.FullName, "-p:MinVerVersionOverride=0.1.0"],
        Repository.Root);

    private async Task<string> RunAsync(string lines, string folder)
    {
        var (exitCode, output) = await RunningProcess.RunAsync("bash", ["-ec", lines], folder, Environment, TimeSpan.FromMinutes(10));
        Assert.That(exitCode, Is.Zero, output);
        return output;
    }

    [GeneratedRegex(@"^\{$.+^\}$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Entry();

    [GeneratedRegex("^KEY=(.+)$", RegexOptions.Multiline)]
    private static partial Regex KeyLine();
}
