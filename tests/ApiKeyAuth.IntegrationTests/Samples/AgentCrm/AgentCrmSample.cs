using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

/// <summary>The one process that all tests of the sample ask.</summary>
[SetUpFixture, Parallelizable(ParallelScope.Self | ParallelScope.Fixtures)]
internal sealed class AgentCrmSample
{
    public const string Keys = "/api/settings/api-keys";
    public const string AgentLeads = "/api/agent/leads";
    public const string PublicLeads = "/api/public/leads";
    public const string Lead = """{"name":"Mai","phone":"+84 90 000 0001"}""";

    public static RunningSample Running { get; private set; } = null!;

    public static string Writer => "Authorization: Bearer " + Running.Export("CRM_JWT");

    public static string Reader => "Authorization: Bearer " + Running.Export("CRM_READONLY_JWT");

    /// <summary>A key of the demo company, made by the app itself.</summary>
    public static NewApiKey OfDemoCompany => new() { Name = "n", TenantId = "company_demo", Scopes = ["leads:read"] };

    [OneTimeSetUp]
    public static async Task StartAsync() => Running = await RunningSample.RunAsync("AgentCrm");

    [OneTimeTearDown]
    public static ValueTask StopAsync() => Running.DisposeAsync();

    /// <summary>Makes a key as the page says, and gives its id and secret.</summary>
    public static async Task<(string Id, string Key)> MakeKeyAsync(params string[] scopes)
    {
        var list = scopes.Length == 0 ? "" : $""","scopes":[{string.Join(',', scopes.Select(scope => $"\"{scope}\""))}]""";
        var made = await Running.SendAsync("POST", Keys, $$"""{"name":"n"{{list}}}""", Writer);
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        var key = made.Json.GetProperty("api_key");
        return (key.GetProperty("id").GetString()!, key.GetProperty("key").GetString()!);
    }

    /// <summary>The header of the agents' API with a new key.</summary>
    public static async Task<string> AgentAsync(params string[] scopes) => "X-Agent-Token: " + (await MakeKeyAsync(scopes)).Key;
}
