using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>Creates solutions with the template, one for each combination of options, and builds and tests them together.</summary>
[Category("Long")]
internal sealed partial class TemplateTests
{
    private static readonly string[][] Combinations =
    [
        .. from store in new[] { "configuration", "sqlite", "postgresql" }
           from redis in new[] { "false", "true" }
           from openapi in new[] { "false", "true" }
           where (store, redis) != ("sqlite", "true")
           select new[] { store, redis, openapi },
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("template-");

    [OneTimeSetUp]
    public async Task InstallAsync() =>
        await NewAsync("install", await Packages.FileAsync("ApiKeyAuth.Templates"));

    [OneTimeTearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [Test]
    public async Task Template_EveryCombination_BuildsWithoutWarningsAndPassesItsTests()
    {
        var (projects, assemblies) = (new List<string>(), new List<string>());
        foreach (var (index, options) in Combinations.Index())
        {
            var name = $"my-api{index}";
            var (exitCode, created) = await NewAsync(
                "apikeyauth-api", "-o", name, "--store", options[0], "--redis", options[1], "--openapi", options[2]);
            Assert.That(exitCode, Is.Zero, created);
            projects.Add($"""<Project Path="{name}/{name}/{name}.csproj" /><Project Path="{name}/{name}.Tests/{name}.Tests.csproj" />""");
            assemblies.Add(Path.Combine(name, $"{name}.Tests", "bin", "Debug", "net10.0", $"{name}.Tests.dll"));
        }

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "All.slnx"), $"<Solution>{string.Concat(projects)}</Solution>");
        await DotNet.RunAsync(
            ["build", "All.slnx", "-warnaserror", $"-p:RestoreAdditionalProjectSources={await Packages.FolderAsync()}"], _folder.FullName);
        var output = await DotNet.RunAsync(["test", .. assemblies], _folder.FullName);

        // Two tests each, one for a database and one for the document.
        var expected = Combinations.Sum(options => 2 + (options[0] == "configuration" ? 0 : 1) + (options[2] == "true" ? 1 : 0));
        Assert.That(Passed().Matches(output).Sum(match => int.Parse(match.Groups[1].Value)), Is.EqualTo(expected), output);
    }

    [Test]
    public async Task Template_RedisWithAFileOfOneNode_IsRefusedWithTheReason()
    {
        var (exitCode, output) = await NewAsync("apikeyauth-api", "-o", "refused", "--store", "sqlite", "--redis");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("--redis-needs-a-store-that-nodes-share"));
        Assert.That(Directory.GetFiles(Path.Combine(_folder.FullName, "refused")), Is.Empty);
    }

    [Test]
    public async Task Template_UnknownStore_IsRefusedWithTheChoices()
    {
        var (exitCode, output) = await NewAsync("apikeyauth-api", "-o", "refused", "--store", "oracle");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("postgresql").And.Contain("sqlite").And.Contain("configuration"));
    }

    [Test]
    public void Template_PackagesOfItsTests_HaveTheVersionsOfTheRepository()
    {
        var central = Versions(Repository.PathOf("Directory.Packages.props"));
        var own = Versions(Repository.PathOf(
            "src", "ApiKeyAuth.Templates", "content", "apikeyauth-api", "My-Api.Tests", "My-Api.Tests.csproj"));
        own.Remove("ApiKeyAuth.Testing");

        Assert.That(own, Is.Not.Empty);
        Assert.That(own, Is.EquivalentTo(central.Where(version => own.ContainsKey(version.Key))));
    }

    private static Dictionary<string, string> Versions(string file) =>
        Version().Matches(File.ReadAllText(file)).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    // The templates that a developer has installed are not those of the test.
    private Task<(int ExitCode, string Output)> NewAsync(params string[] arguments) => RunningProcess.RunAsync(
        "dotnet",
        ["new", .. arguments],
        _folder.FullName,
        new Dictionary<string, string?>
        {
            ["DOTNET_CLI_HOME"] = Path.Combine(_folder.FullName, "home"),
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["DOTNET_NOLOGO"] = "true",
        });

    [GeneratedRegex(@"Passed: +(\d+)")]
    private static partial Regex Passed();

    [GeneratedRegex("Include=\"([^\"]+)\" Version=\"([^\"]+)\"")]
    private static partial Regex Version();
}
