using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>
/// Which folder of a package may use which others. Folders are namespaces, so a forbidden use is found by what a file names.
/// </summary>
public sealed class FolderDependencyTests
{
    private const string Core = "ApiKeyAuth";

    /// <summary>The folders that each folder of the core may use. All may use Configuration and Diagnostics, which use Keys only.</summary>
    private static readonly Dictionary<string, string[]> CoreFolders = new(StringComparer.Ordinal)
    {
        ["Keys"] = [],
        ["Configuration"] = ["Keys"],
        ["Diagnostics"] = ["Keys"],
        ["Http"] = ["Keys"],
        ["Stores"] = ["Keys"],
        ["Caching"] = ["Keys", "Stores"],
        ["Backplane"] = ["Keys", "Caching"],
        ["Authentication"] = ["Keys", "Stores", "Caching", "Http"],
        ["Authorization"] = ["Keys", "Authentication", "Http"],
        ["Connections"] = ["Keys", "Caching", "Backplane", "Authentication", "Authorization", "Http"],
        ["RateLimiting"] = ["Keys", "Authentication", "Http"],
        ["Usage"] = ["Keys", "Stores", "Authentication", "Authorization", "Http"],
        ["Management"] =
            ["Keys", "Stores", "Caching", "Backplane", "Authentication", "Authorization", "RateLimiting", "Usage", "Http"],
        ["Alerts"] = ["Keys", "Stores", "Authentication", "Authorization", "Http", "Usage", "Management"],
        ["InMemory"] = ["Keys", "Stores", "Usage"],
        ["Startup"] =
        [
            "Keys", "Stores", "Caching", "Backplane", "Authentication", "Authorization", "Connections", "RateLimiting", "Usage",
            "Management",
            "Alerts", "InMemory", "Http",
        ],
    };

    /// <summary>The folders that each folder of another package may use, of its own package.</summary>
    private static readonly Dictionary<string, Dictionary<string, string[]>> Satellites = new(StringComparer.Ordinal)
    {
        ["ApiKeyAuth.EntityFrameworkCore"] = new(StringComparer.Ordinal)
        {
            ["Model"] = [],
            ["Access"] = ["Model"],
            ["Schema"] = ["Model", "Access"],
        },
        ["ApiKeyAuth.Sqlite"] = [],
        ["ApiKeyAuth.PostgreSql"] = new(StringComparer.Ordinal) { ["Diagnostics"] = [], ["Backplane"] = ["Diagnostics"] },
        ["ApiKeyAuth.MaxMind"] = [],
        ["ApiKeyAuth.OpenApi"] = [],
        ["ApiKeyAuth.Redaction"] = [],
        ["ApiKeyAuth.Redis"] = new(StringComparer.Ordinal)
        {
            ["Diagnostics"] = [],
            ["Connection"] = ["Diagnostics"],
            ["Backplane"] = ["Diagnostics", "Connection"],
            ["Limiter"] = ["Diagnostics", "Connection"],
            ["Startup"] = ["Diagnostics", "Connection", "Backplane", "Limiter"],
        },
        ["ApiKeyAuth.Cli"] = new(StringComparer.Ordinal)
        {
            ["CommandLine"] = [],
            ["Output"] = ["CommandLine"],
            ["Settings"] = ["CommandLine", "Output"],
            ["Completion"] = ["CommandLine", "Output"],
            ["NewKeys"] = ["CommandLine", "Output", "Settings"],
            ["Targets"] = ["CommandLine", "Output", "Settings"],
            ["KeyCommands"] = ["CommandLine", "Output", "Settings", "Targets"],
            ["Importing"] = ["CommandLine", "Output", "Settings", "Targets", "KeyCommands"],
            ["Exporting"] = ["CommandLine", "Output", "Targets", "KeyCommands"],
            ["DueRotations"] = ["CommandLine", "Output", "Settings", "Targets", "KeyCommands"],
            ["Scanning"] = ["CommandLine", "Output", "Settings", "Targets"],
            ["Diagnosis"] = ["CommandLine", "Output", "Settings"],
        },
        ["ApiKeyAuth.Dashboard"] = new(StringComparer.Ordinal)
        {
            ["Assets"] = [],
            ["Charts"] = [],
            ["Localization"] = [],
            ["Forms"] = ["Localization"],
            ["Http"] = ["Localization"],
            ["Models"] = ["Charts", "Forms", "Localization"],
            ["Startup"] = [],
            ["Endpoints"] = ["Assets", "Charts", "Forms", "Http", "Models", "Pages", "Startup"],
        },
        ["ApiKeyAuth.Testing"] = new(StringComparer.Ordinal) { ["Apps"] = [] },
        ["ApiKeyAuth.Conformance"] = new(StringComparer.Ordinal) { ["Limiters"] = [], ["Nodes"] = [], ["Stores"] = [] },
    };

    // The types of the root need no using, because its namespace encloses those of all folders.
    private static readonly string[] RootTypes =
        [.. typeof(ApiKeyAuthOptions).Assembly.GetTypes().Where(type => type.Namespace == Core && !type.IsNested).Select(type => type.Name)];

    [TestCaseSource(nameof(Folders))]
    public void Folder_Sources_UseOnlyAllowedFolders(string package, string folder)
    {
        var allowed = package == Core ? CoreFolders : Satellites[package];
        Assert.That(allowed, Does.ContainKey(folder), "A new folder needs a line in this test.");
        Assert.That(
            Repository.Sources(package, folder)
                .SelectMany(
                    file => FindForbidden(package, folder, File.ReadAllText(file.FullName)).Select(found => $"{file.Name}: {found}")),
            Is.Empty);
    }

    [Test]
    public void Core_Root_HoldsSixFilesAtMost() =>
        Assert.That(Repository.Sources(Core).Count(file => Repository.Parts(file)[0] == "."), Is.LessThanOrEqualTo(6));

    [TestCase("using ApiKeyAuth.RateLimiting;", "RateLimiting")]
    [TestCase("using static ApiKeyAuth.Stores.ApiKeyCache;", "Stores")]
    [TestCase("private readonly Stores.ApiKeyCache _cache;", "Stores")]
    [TestCase("var cache = new global::ApiKeyAuth.Stores.ApiKeyCache();", "Stores")]
    [TestCase("void Read(ApiKeyAuthOptions options)", "ApiKeyAuthOptions")]
    [TestCase("List<ApiKeyAuthBuilder>? builders;", "ApiKeyAuthBuilder")]
    public void Scanner_PlantedDependency_FindsIt(string planted, string found) =>
        Assert.That(FindForbidden(Core, "Authorization", $"namespace ApiKeyAuth.Authorization;\n{planted}\n"), Is.EqualTo(new[] { found }));

    [TestCase("using ApiKeyAuth.Keys;\nusing ApiKeyAuth.Authentication;")]
    [TestCase("// See Stores.ApiKeyCache.")]
    [TestCase("/// <summary>As <c>ApiKeyAuthOptions</c> says.</summary>")]
    [TestCase("var text = \"ApiKeyAuth.Stores.ApiKeyCache\";")]
    [TestCase("using Microsoft.Extensions.Stores;\nOwnStores.Name = 1;")]
    public void Scanner_AllowedCode_FindsNothing(string text) => Assert.That(FindForbidden(Core, "Authorization", text), Is.Empty);

    private static IEnumerable<object[]> Folders() =>
        Satellites.Keys.Append(Core).SelectMany(package => Repository.Sources(package)
            .Select(file => Repository.Parts(file)[0]).Where(folder => folder is not ("." or "Migrations")).Distinct()
            .Select(folder => new object[] { package, folder }));

    private static string[] FindForbidden(string package, string folder, string source)
    {
        var code = Regex.Replace(source, """//.*|"(\\.|[^"\\\n])*""" + "\"", "");
        var folders = package == Core ? CoreFolders : Satellites[package];
        string[] allowed = package == Core ? [.. folders[folder], folder, "Configuration", "Diagnostics"] : [.. folders[folder], folder];
        var used = folders.Keys.Except(allowed)
            .Where(other => Regex.IsMatch(code, $@"\b{Regex.Escape(package)}\.{other}\b|(?<![\w.]){other}\.[A-Z]"));
        return package == Core && folder != "Startup" && !source.Contains("namespace Microsoft.", StringComparison.Ordinal)
            ? [.. used, .. RootTypes.Where(type => Regex.IsMatch(code, $@"(?<![\w.]){type}\b(?!\.[A-Z])"))]
            : [.. used];
    }
}
