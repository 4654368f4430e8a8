using System.Text.Json;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.OpenApi;

/// <summary>The documents follow the recommended rules of Redocly and Spectral.</summary>
[Category("Long")]
internal sealed class LinterTests
{
    // The rule knows scopes of OAuth only. Since OpenAPI 3.1, a requirement of any scheme may list scopes (roles).
    private const string RuleOfOpenApi30 = "oas3-operation-security-defined";

    private readonly List<string> _files = [];
    private NpmFolder _npm = null!;

    [OneTimeSetUp]
    public async Task WriteAsync()
    {
        _npm = await NpmFolder.InstalledAsync();
        await using var app = await DocumentedApp.StartAsync();
        foreach (var document in DocumentedApp.Documents)
        {
            _files.Add(await app.WriteAsync(_npm.Location, document));
        }
    }

    [Test]
    public async Task Redocly_RecommendedRules_FindNothing()
    {
        var (exitCode, output) = await RunAsync(
            "@redocly/cli/bin/cli.js", ["lint", "--extends", "recommended", "--format", "json", .. _files]);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match("\"totals\":\\s*{\\s*\"errors\":\\s*0,\\s*\"warnings\":\\s*0,"));
    }

    [Test]
    public async Task Spectral_RecommendedRules_FindNothing()
    {
        var rules = await _npm.WriteAsync(".yaml", "extends: ['spectral:oas']\n");
        var results = Path.Combine(_npm.Location, "spectral.json");

        var (_, output) = await RunAsync(
            "@stoplight/spectral-cli/dist/index.js", ["lint", "--ruleset", rules, "--format", "json", "--output", results, .. _files]);

        Assert.That(File.Exists(results), output);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(results));
        Assert.That(
            json.RootElement.EnumerateArray()
                .Where(problem => problem.GetProperty("code").GetString() != RuleOfOpenApi30)
                .Select(problem => problem.GetRawText()),
            Is.Empty);
    }

    private Task<(int ExitCode, string Output)> RunAsync(string script, params string[] arguments) => RunningProcess.RunAsync(
        "node",
        [Path.Combine(_npm.Location, "node_modules", script), .. arguments],
        _npm.Location,
        new Dictionary<string, string?> { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" });
}
