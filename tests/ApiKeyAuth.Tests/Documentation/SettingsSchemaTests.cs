using System.Text.Json;
using ApiKeyAuth.Tests.Startup;
using Json.Schema;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>The JSON schema in the package is that of the code: it accepts what the app accepts, and refuses what stops the app.</summary>
internal sealed class SettingsSchemaTests
{
    private const string PathOfTheSchema = "src/ApiKeyAuth/ConfigurationSchema.json";

    private static readonly Lazy<JsonSchema> Schema = new(() => JsonSchema.FromText(File.ReadAllText(Repository.PathOf(PathOfTheSchema))));

    private static IEnumerable<string> Samples => Directory.GetDirectories(Repository.PathOf("samples"))
        .SelectMany(sample => Directory.GetFiles(sample, "appsettings*.json"))
        .Select(file => Path.GetRelativePath(Repository.Root, file));

    private static IEnumerable<MarkdownBlock> Blocks => MarkdownPage.All.SelectMany(page => page.Blocks("json"))
        .Where(block => block.Code.Contains("\"ApiKeyAuth\"", StringComparison.Ordinal));

    /// <summary>To update the schema, run the test with the environment variable <c>APIKEYAUTH_WRITE_DOCS=true</c>.</summary>
    [Test]
    public async Task Schema_IsThatOfTheCode()
    {
        var schema = SettingsSchema.Write(SettingProbe.All);
        if (Environment.GetEnvironmentVariable("APIKEYAUTH_WRITE_DOCS") == "true")
        {
            await File.WriteAllTextAsync(Repository.PathOf(PathOfTheSchema), schema);
            return;
        }

        Assert.That(
            await File.ReadAllTextAsync(Repository.PathOf(PathOfTheSchema)),
            Is.EqualTo(schema),
            "run this test with APIKEYAUTH_WRITE_DOCS=true");
    }

    [Test]
    public void Samples_AreFound() => Assert.That(Samples.Count(), Is.GreaterThanOrEqualTo(6));

    [TestCaseSource(nameof(Samples))]
    public void Schema_SettingsOfASample_AreAccepted(string file) =>
        Assert.That(FindProblems(File.ReadAllText(Repository.PathOf(file))), Is.Empty);

    [TestCaseSource(nameof(Blocks))]
    public void Schema_SettingsOfAPage_AreAccepted(MarkdownBlock block) => Assert.That(FindProblems(block.Code), Is.Empty);

    [TestCase("""{ "Keys": { "billing": { "Hash": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" } } }""")]
    [TestCase("""{ "Scopes": [ "orders:read", { "Name": "orders:write", "RateLimits": [ "100/minute", "1,000/2 hours" ] } ] }""")]
    [TestCase("""{ "RateLimiting": { "Default": "100/minute;10000/day", "FailedAuthentications": "none" } }""")]
    [TestCase("""{ "Cache": { "KnownKeyLifetime": "00:01:00" }, "Usage": { "DailyRetention": "400d" } }""")]
    [TestCase("""{ "Schemes": { "Partner": { "Headers": [ "X-Partner-Key", "X-Key" ] } }, "Management": { "MaxKeysPerTenant": 5 } }""")]
    public async Task Schema_ValidSettings_AreAccepted(string section)
    {
        var json = $"{{ \"ApiKeyAuth\": {section} }}";

        Assert.That((await StartUp.RunJsonAsync(json)).Error, Is.Null);
        Assert.That(FindProblems(json), Is.Empty);
    }

    [TestCase("""{ "Formats": { "Prefix": "a" } }""")]
    [TestCase("""{ "Format": { "Prefx": "a" } }""")]
    [TestCase("""{ "Format": { "Checksum": "no" } }""")]
    [TestCase("""{ "Format": { "SecretBytes": 4 } }""")]
    [TestCase("""{ "Format": { "Encoding": "Base58" } }""")]
    [TestCase("""{ "Cache": { "KnownKeyLifetime": "60" } }""")]
    [TestCase("""{ "Cache": { "KnownKeyLifetime": 60 } }""")]
    [TestCase("""{ "RateLimiting": { "Default": "100 per minute" } }""")]
    [TestCase("""{ "RateLimiting": { "Tenants": [ { "RateLimits": "1/hour" } ] } }""")]
    [TestCase("""{ "Scopes": [ { "Description": "Read orders." } ] }""")]
    [TestCase("""{ "Keys": [ { "Hash": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" } ] }""")]
    [TestCase("""{ "Keys": [ { "Id": "a", "Scopes": "orders:read" } ] }""")]
    [TestCase("""{ "LeakReports": { "Environments": { "live": "Delete" } } }""")]
    [TestCase("""{ "Alerts": { "HighUsage": { "Threshold": 0, "Period": "daily" } } }""")]
    public async Task Schema_SettingsThatStopTheApp_AreRefused(string section)
    {
        var json = $"{{ \"ApiKeyAuth\": {section} }}";

        Assert.That((await StartUp.RunJsonAsync(json)).Error, Is.Not.Null);
        Assert.That(FindProblems(json), Is.Not.Empty);
    }

    private static string[] FindProblems(string json)
    {
        using var document = JsonDocument.Parse(json);
        var results = Schema.Value.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid
            ? []
            : [.. (results.Details ?? []).Where(detail => detail.Errors is not null)
                .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}")];
    }
}
