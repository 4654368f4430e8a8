using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Package;

/// <summary>
/// Creates solutions with the template, which together have each pair of options, and builds and tests them together. Defects that need
/// three options are rare, and the time grows with the number of solutions.
/// </summary>
[Category("Long")]
internal sealed partial class TemplateTests
{
    private static readonly string[] Options = ["store", "redis", "openapi", "dashboard"];

    private static readonly string[][] Combinations =
    [
        ["configuration", "false", "false", "false"],
        ["configuration", "true", "true", "false"],
        ["sqlite", "false", "false", "false"],
        ["sqlite", "false", "true", "true"],
        ["postgresql", "true", "false", "true"],
        ["postgresql", "false", "true", "false"],
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("template-");

    [OneTimeSetUp]
    public async Task InstallAsync() =>
        await NewAsync("install", await Packages.FileAsync("ApiKeyAuth.Templates"));

    [OneTimeTearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [Test]
    public void Combinations_OfTheNextTest_HaveEachPairOfOptions()
    {
        var allowed = from store in new[] { "configuration", "sqlite", "postgresql" }
                      from redis in new[] { "false", "true" }
                      from openapi in new[] { "false", "true" }
                      from dashboard in new[] { "false", "true" }
                      where (store, redis) != ("sqlite", "true") && (store, dashboard) != ("configuration", "true")
                      select new[] { store, redis, openapi, dashboard };

        Assert.That(allowed.SelectMany(Pairs).Except(Combinations.SelectMany(Pairs)), Is.Empty);

        static IEnumerable<string> Pairs(string[] values) =>
            from first in values.Index()
            from second in values.Index()
            where first.Index < second.Index
            select $"{Options[first.Index]} {first.Item}, {Options[second.Index]} {second.Item}";
    }

    [Test]
    public async Task Template_EveryPairOfOptions_BuildsWithoutWarningsAndPassesItsTests()
    {
        var (projects, assemblies) = (new List<string>(), new List<string>());
        foreach (var (index, options) in Combinations.Index())
        {
            var name = $"my-api{index}";
            var (exitCode, created) = await NewAsync(
                ["apikeyauth-api", "-o", name, .. Options.Zip(options).SelectMany(option => new[] { $"--{option.First}", option.Second })]);
            Assert.That(exitCode, Is.Zero, created);
            projects.Add($"""<Project Path="{name}/{name}/{name}.csproj" /><Project Path="{name}/{name}.Tests/{name}.Tests.csproj" />""");
            assemblies.Add(Path.Combine(name, $"{name}.Tests", "bin", "Debug", "net10.0", $"{name}.Tests.dll"));
        }

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "All.slnx"), $"<Solution>{string.Concat(projects)}</Solution>");
        await DotNet.RunAsync(
            [
                "build", "All.slnx", "-warnaserror",
                $"-p:RestoreAdditionalProjectSources={await Packages.FolderAsync()}",
                "-p:RestoreUseStaticGraphEvaluation=true",
                "-p:CreateHardLinksForCopyLocalIfPossible=true",
            ],
            _folder.FullName);
        var output = await DotNet.RunAsync(["test", .. assemblies], _folder.FullName);

        // Two tests each, one for a database, one for the document and one for the dashboard.
        var expected = Combinations.Sum(options =>
            2 + (options[0] == "configuration" ? 0 : 1) + (options[2] == "true" ? 1 : 0) + (options[3] == "true" ? 1 : 0));
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
    public async Task Template_DashboardWithKeysInAFile_IsRefusedWithTheReason()
    {
        var (exitCode, output) = await NewAsync("apikeyauth-api", "-o", "refused", "--store", "configuration", "--dashboard");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("--dashboard-needs-a-store-that-it-can-change"));
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
