using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>The one process that all tests of the sample ask.</summary>
[SetUpFixture, Parallelizable(ParallelScope.Self | ParallelScope.Fixtures)]
internal sealed class AiGatewaySample
{
    public const string Chat = "/deepseek/deepseek-chat/chat/completions";
    public const string Tokens = "/api/gateways/user-123456-demo-gateway/tokens";
    public const string OtherTokens = "/api/gateways/user-123456-other-gateway/tokens";
    public const string Question = """{"model":"deepseek-chat","messages":[{"role":"user","content":"What is AI?"}]}""";
    public const string DemoHost = "Host: user-123456-demo-gateway.ai-gateway.vngcloud.vn";

    public static RunningSample Running { get; private set; } = null!;

    public static string Token => Bearer(Running.Export("GATEWAY_TOKEN"));

    public static string OtherToken => Bearer(Running.Export("OTHER_GATEWAY_TOKEN"));

    public static string Admin => Bearer(Running.Export("GATEWAY_ADMIN_KEY"));

    /// <summary>A token of the demo gateway, made by the app itself.</summary>
    public static NewApiKey OfDemoGateway => new()
    {
        Name = "n",
        TenantId = "user-123456",
        OwnerId = "user-123456-demo-gateway",
        Audiences = ["user-123456-demo-gateway"],
        Scopes = ["chat"],
    };

    [OneTimeSetUp]
    public static async Task StartAsync() => Running = await RunningSample.RunAsync("AiGateway");

    [OneTimeTearDown]
    public static ValueTask StopAsync() => Running.DisposeAsync();

    public static string Bearer(string token) => "Authorization: Bearer " + token;

    public static Task<SampleAnswer> AskAsync(params string[] headers) => Running.SendAsync("POST", Chat, Question, headers);

    public static string Ask(string model) => $$"""{"model":"{{model}}","messages":[{"role":"user","content":"What is AI?"}]}""";

    /// <summary>Makes a token as the page says, and gives its id and its header.</summary>
    public static async Task<(string Id, string Header)> MakeTokenAsync(string name = "token-user01", string tokens = Tokens)
    {
        var made = await Running.SendAsync("POST", tokens, $$"""{"name":"{{name}}"}""", Admin);
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        return (made.Json.GetProperty("id").GetString()!, Bearer(made.Json.GetProperty("token").GetString()!));
    }

    /// <summary>Holds an answer to the page's text, and to an upstream that was not called.</summary>
    public static void AssertInvalid(SampleAnswer answer)
    {
        AssertText(answer, 401, "Invalid authentication token.");
        Assert.That(answer.Header("WWW-Authenticate"), Does.StartWith("Bearer"));
    }

    /// <summary>Holds an answer to plain text, and to an upstream that was not called.</summary>
    public static void AssertText(SampleAnswer answer, int status, string text)
    {
        Assert.That((answer.Status, answer.Body), Is.EqualTo((status, text)));
        Assert.That(answer.Header("Content-Type"), Is.EqualTo("text/plain; charset=utf-8"));
        Assert.That(answer.Header("X-Upstream-Authorization"), Is.Null);
    }
}
