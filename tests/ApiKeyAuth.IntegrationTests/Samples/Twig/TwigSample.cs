using System.Text.Json;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The one process that all tests of the sample ask.</summary>
[SetUpFixture, Parallelizable(ParallelScope.Self | ParallelScope.Fixtures)]
internal sealed class TwigSample
{
    public const string Keys = "/api/api-keys";
    public const string Agents = "/api/agents";
    public const string Chat = "/api/chat";

    public static RunningSample Running { get; private set; } = null!;

    public static string Admin => Bearer(Running.Export("TWIG_ADMIN_KEY"));

    /// <summary>A key of the demo's organization, made by the app itself.</summary>
    public static NewApiKey OfDemoOrganization => new() { Name = "n", TenantId = "org_demo", Scopes = ["agents:read"] };

    [OneTimeSetUp]
    public static async Task StartAsync() => Running = await RunningSample.RunAsync("Twig");

    [OneTimeTearDown]
    public static ValueTask StopAsync() => Running.DisposeAsync();

    public static string Bearer(string key) => "Authorization: Bearer " + key;

    /// <summary>A block of the page with its host, its key and whatever else replaced.</summary>
    public static string Filled(string block, string key, params (string Placeholder, string Value)[] values) =>
        values.Aggregate(
            block.Replace("https://api.twig.so", Running.Address, StringComparison.Ordinal)
                .Replace("sk_live_abc123...", key, StringComparison.Ordinal),
            (code, replaced) => code.Replace(replaced.Placeholder, replaced.Value, StringComparison.Ordinal));

    /// <summary>Runs a shell block of the page, and reads its answer.</summary>
    public static async Task<JsonElement> CurlAsync(string block, string key, params (string Placeholder, string Value)[] values) =>
        JsonDocument.Parse(await PageCode.ShellAsync(Filled(block, key, values))).RootElement;

    /// <summary>Makes a scoped key by the admin key, and gives its id and secret.</summary>
    public static async Task<(string Id, string Key)> MakeKeyAsync(params string[] scopes)
    {
        var made = await Running.SendAsync("POST", Keys, $$"""{"name":"n","scopes":{{JsonSerializer.Serialize(scopes)}}}""", Admin);
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        return (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("key").GetString()!);
    }

    /// <summary>The header of a new scoped key.</summary>
    public static async Task<string> KeyAsync(params string[] scopes) => Bearer((await MakeKeyAsync(scopes)).Key);

    /// <summary>Holds an answer to the page's one shape of refusals.</summary>
    public static void AssertError(SampleAnswer answer, int status, string code, string message)
    {
        Assert.That(
            (answer.Status, answer.Body),
            Is.EqualTo((status, $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"},"status":{{{status}}}}""")));
        Assert.That(answer.Header("Content-Type"), Does.StartWith("application/json"));
    }
}
