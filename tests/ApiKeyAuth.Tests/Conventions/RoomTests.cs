using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Which room may use which: a room that reaches further is found by what it names.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Keys"] = [],
        ["Configuration"] = ["Keys"],
        ["Errors"] = ["Keys"],
        ["Diagnostics"] = ["Keys"],
        ["Stores"] = ["Keys", "Configuration", "Errors", "Diagnostics"],
        ["Authentication"] = ["Keys", "Stores", "Errors", "Diagnostics"],
        ["Authorization"] = ["Keys", "Authentication", "Errors", "Diagnostics"],
        ["Connections"] = ["Keys", "Stores", "Authentication", "Authorization", "Errors", "Diagnostics"],
        ["RateLimiting"] = ["Keys", "Authentication", "Errors", "Diagnostics"],
        ["Usage"] = ["Keys", "Configuration", "Stores", "Authentication", "Errors", "Diagnostics"],
        ["Startup"] = ["Keys", "Configuration", "Stores", "Authentication", "Authorization", "Connections", "RateLimiting", "Usage", "Management", "Errors", "Diagnostics"],
        ["Management"] = ["Keys", "Configuration", "Stores", "Authentication", "Authorization", "RateLimiting", "Usage", "Errors", "Diagnostics"],
    };

    // What lies at the front door: its types need no using, as its namespace encloses every room's.
    private static readonly string[] FrontDoor =
        [.. typeof(ApiKeyAuthOptions).Assembly.GetTypes().Where(type => type.Namespace == "ApiKeyAuth" && !type.IsNested).Select(type => type.Name)];

    [TestCaseSource(nameof(Rooms))]
    public void Room_Sources_NameOnlyWhatTheyMay(string room)
    {
        Assert.That(MayUse, Does.ContainKey(room), "A new room needs a line in MayUse.");
        Assert.That(Repository.Sources(room).SelectMany(file => Trespasses(room, File.ReadAllText(file.FullName)).Select(found => $"{file.Name}: {found}")), Is.Empty);
    }

    [TestCase("using ApiKeyAuth.RateLimiting;", "RateLimiting")]
    [TestCase("using static ApiKeyAuth.Stores.ApiKeyCache;", "Stores")]
    [TestCase("private readonly Stores.ApiKeyCache _cache;", "Stores")]
    [TestCase("var cache = new global::ApiKeyAuth.Stores.ApiKeyCache();", "Stores")]
    [TestCase("void Read(ApiKeyAuthOptions options)", "ApiKeyAuthOptions")]
    [TestCase("List<PipelineState>? states;", "PipelineState")]
    public void Scanner_PlantedTrespass_FindsIt(string planted, string found) =>
        Assert.That(Trespasses("Authorization", $"namespace ApiKeyAuth.Authorization;\n{planted}\n"), Is.EqualTo(new[] { found }));

    [TestCase("using ApiKeyAuth.Keys;\nusing ApiKeyAuth.Authentication;")]
    [TestCase("// See Stores.ApiKeyCache.")]
    [TestCase("/// <summary>As <c>ApiKeyAuthOptions</c> says.</summary>")]
    [TestCase("var text = \"ApiKeyAuth.Stores.ApiKeyCache\";")]
    [TestCase("using Microsoft.Extensions.Stores;\nOwnStores.Name = 1;")]
    public void Scanner_WhatIsAllowed_PassesIt(string text) => Assert.That(Trespasses("Authorization", text), Is.Empty);

    private static IEnumerable<string> Rooms() =>
        Repository.Sources().Select(file => Repository.Parts(file)[0]).Where(room => room != ".").Distinct();

    private static string[] Trespasses(string room, string source)
    {
        var code = Regex.Replace(source, """//.*|"(\\.|[^"\\\n])*""" + "\"", "");
        var rooms = MayUse.Keys.Where(other => other != room && !MayUse[room].Contains(other))
            .Where(other => Regex.IsMatch(code, $@"\bApiKeyAuth\.{other}\b|(?<![\w.]){other}\.[A-Z]"));
        return [.. rooms, .. FrontDoor.Where(type => Regex.IsMatch(code, $@"(?<![\w.]){type}\b(?!\.[A-Z])"))];
    }
}
