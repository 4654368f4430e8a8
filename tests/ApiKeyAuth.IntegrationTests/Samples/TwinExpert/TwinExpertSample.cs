using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.TwinExpert;

/// <summary>The one process that all tests of the sample ask.</summary>
[SetUpFixture, Parallelizable(ParallelScope.Self | ParallelScope.Fixtures)]
internal sealed class TwinExpertSample
{
    public const string Twins = "/api/v1/twins";
    public const string Conversations = "/api/v1/conversations";
    public const string ApiKeys = "/api/v1/auth/api-keys";

    public static RunningSample Running { get; private set; } = null!;

    public static string Jwt => Running.Export("TWIN_JWT");

    [OneTimeSetUp]
    public static async Task StartAsync() => Running = await RunningSample.RunAsync("TwinExpert");

    [OneTimeTearDown]
    public static ValueTask StopAsync() => Running.DisposeAsync();

    /// <summary>Makes a key as the page says.</summary>
    public static async Task<string> MakeKeyAsync(string scope)
    {
        var made = await Running.SendAsync("POST", ApiKeys, $$"""{"name":"My App","scope":"{{scope}}"}""", "Authorization: Bearer " + Jwt);
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        return made.Json.GetProperty("data").GetProperty("key").GetString()!;
    }

    /// <summary>A key of another account, made by the app itself.</summary>
    public static NewApiKey OfOtherAccount => new() { Name = "other", Scopes = ["full_access"], TenantId = "user_other" };

    /// <summary>Starts a conversation and gives its address.</summary>
    public static async Task<string> StartConversationAsync(string key)
    {
        var started = await Running.SendAsync("POST", Conversations, """{"twinId":"twin_an"}""", "X-API-Key: " + key);
        Assert.That(started.Status, Is.EqualTo(201), started.Body);
        return $"{Conversations}/{started.Json.GetProperty("data").GetProperty("id").GetString()}";
    }
}
