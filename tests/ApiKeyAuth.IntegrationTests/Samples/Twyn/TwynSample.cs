using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The one process that all tests of the sample ask.</summary>
[SetUpFixture, Parallelizable(ParallelScope.Self | ParallelScope.Fixtures)]
internal sealed class TwynSample
{
    public const string Keys = "/v1/keys";
    public const string Simulations = "/v1/simulations";
    private const string Header = "X-API-Key: ";

    public static RunningSample Running { get; private set; } = null!;

    public static string Live => Header + Running.Export("TWYN_API_KEY");

    public static string Test => Header + Running.Export("TWYN_TEST_KEY");

    public static string OtherTenant => Header + Running.Export("TWYN_OTHER_TENANT_KEY");

    [OneTimeSetUp]
    public static async Task StartAsync() => Running = await RunningSample.RunAsync("Twyn");

    [OneTimeTearDown]
    public static ValueTask StopAsync() => Running.DisposeAsync();

    /// <summary>A block of the page with its host replaced, and its placeholders by variables of the shell or others.</summary>
    public static string Filled(string block, params (string Placeholder, string Value)[] values) =>
        values.Aggregate(
            block.Replace("https://api.twyn.it", Running.Address, StringComparison.Ordinal),
            (code, replaced) => code.Replace(replaced.Placeholder, replaced.Value, StringComparison.Ordinal));

    /// <summary>Runs a shell block of the page, and reads its answer.</summary>
    public static async Task<JsonElement> CurlAsync(string block, params (string Placeholder, string Value)[] values) =>
        JsonDocument.Parse(await PageCode.ShellAsync(Filled(block, values), Running.Exported)).RootElement;

    /// <summary>Makes a key by another, and gives its id and its header.</summary>
    public static async Task<(string Id, string Header)> MakeKeyAsync(string body = """{"name":"n"}""", string? by = null)
    {
        var made = await Running.SendAsync("POST", Keys, body, by ?? Live);
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        return (made.Json.GetProperty("key_id").GetString()!, Header + made.Json.GetProperty("api_key").GetString());
    }

    /// <summary>Makes a key of the first tenant with a limit that callers cannot ask for, and gives its header.</summary>
    public static async Task<string> MakeLimitedKeyAsync(string limit)
    {
        var request = new NewApiKey { Name = limit, TenantId = "tenant_acme", RateLimits = RateLimit.ParseList(limit) };
        return Header + (await Running.IssueAsync(request)).Secret;
    }

    /// <summary>Holds an answer to the one shape of refusals.</summary>
    public static void AssertDetail(SampleAnswer answer, int status, string detail)
    {
        Assert.That((answer.Status, answer.Body), Is.EqualTo((status, $$"""{"detail":"{{detail}}"}""")));
        Assert.That(answer.Header("Content-Type"), Does.StartWith("application/json"));
    }

    /// <summary>The ids that a list holds.</summary>
    public static async Task<string?[]> SimulationsOfAsync(string header) =>
        [.. (await Running.GetAsync(Simulations, header)).Json.EnumerateArray().Select(simulation => simulation.GetProperty("id").GetString())];
}
