using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The page's head "Error Handling": its three bodies to the letter, and every other refusal in their shape.</summary>
internal sealed class ErrorHandlingTests
{
    private const string Invalid = "The API key provided is invalid";

    [TestCase("Authorization: Bearer nonsense")]
    [TestCase("Authorization: Bearer sk_live_abc123...")]
    [TestCase("Authorization: Bearer sk_live_0000000000000000000000000000000000000000000000000")]
    public async Task InvalidKey_Wrong_ReadsAsShown(string header)
    {
        var refused = await TwigSample.Running.GetAsync(TwigSample.Agents, header);
        TwigSample.AssertError(refused, 401, "invalid_api_key", Invalid);
        Assert.That(refused.Header("WWW-Authenticate"), Does.StartWith("Bearer"));
    }

    [Test]
    public async Task InvalidKey_Revoked_ReadsTheSame()
    {
        var issued = await TwigSample.Running.IssueAsync(TwigSample.OfDemoOrganization);
        await TwigSample.Running.ManageAsync(keys => keys.RevokeAsync(ApiKeyCaller.System, issued.Key.Id));
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(issued.Secret)), 401, "invalid_api_key", Invalid);
    }

    [Test]
    public async Task ExpiredKey_ReadsAsShown() =>
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(TwigSample.Running.Export("TWIG_EXPIRED_KEY"))),
            401, "expired_api_key", "API key expired on 2024-12-31");

    [Test]
    public async Task InsufficientPermissions_ReadsAsShown() =>
        TwigSample.AssertError(
            await TwigSample.Running.SendAsync("POST", TwigSample.Agents, """{"name":"n"}""", await TwigSample.KeyAsync("agents:read")),
            403, "insufficient_scope", "API key lacks required scope: agents:write");

    [Test]
    public async Task Key_Missing_HasTheShape() =>
        TwigSample.AssertError(await TwigSample.Running.GetAsync(TwigSample.Agents), 401, "missing_api_key", "No API key was provided");

    [Test]
    public async Task Limit_OneRequestPastIt_HasTheShape()
    {
        var issued = await TwigSample.Running.IssueAsync(TwigSample.OfDemoOrganization with { RateLimits = RateLimit.ParseList("1/hour") });
        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(issued.Secret))).Status, Is.EqualTo(200));

        var refused = await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(issued.Secret));

        TwigSample.AssertError(refused, 429, "rate_limit_exceeded", refused.Json.GetProperty("error").GetProperty("message").GetString()!);
        Assert.That(refused.Header("Retry-After"), Is.Not.Null);
    }

    [Test]
    public async Task Ids_OfAnotherOrganization_ReadLikeNone()
    {
        var other = await TwigSample.Running.IssueAsync(TwigSample.OfDemoOrganization with { TenantId = "org_other", Scopes = ["admin"] });
        var header = TwigSample.Bearer(other.Secret);
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync(TwigSample.Agents + "/agent-123", header), 404, "not_found", "Agent not found");
        TwigSample.AssertError(
            await TwigSample.Running.SendAsync("POST", TwigSample.Chat, """{"prompt":"Hello","agentId":"agent-123"}""", header),
            404,
            "not_found",
            "Agent not found");
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync($"{TwigSample.Keys}/{other.Key.Id}", TwigSample.Admin),
            404,
            "not_found",
            "The API key does not exist");
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync($"{TwigSample.Keys}/{other.Key.Id}/usage", TwigSample.Admin),
            404,
            "not_found",
            "The API key does not exist");
        TwigSample.AssertError(
            await TwigSample.Running.SendAsync("DELETE", $"{TwigSample.Keys}/{other.Key.Id}", null, TwigSample.Admin),
            404,
            "not_found",
            "The API key does not exist");
        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, header)).Json.GetProperty("agents").GetArrayLength(), Is.Zero);
    }

    [TestCase("{}", "name is required; scopes is missing; only a key of type organization can omit it")]
    [TestCase("""{"name":"n","scopes":["everything"]}""", "scopes ")]
    [TestCase("""{"name":"n","scopes":["chat"],"type":"personal"}""", "type must be organization or scoped; create a personal key with the user's access token")]
    [TestCase("""{"name":"n","scopes":["chat"],"expiresAt":"tomorrow"}""", "expiresAt must be a date (2027-12-31) or a time with its offset (2027-12-31T10:00:00Z)")]
    [TestCase("""{"name":"n","scopes":[null]}""", "scopes ")]
    [TestCase("""{"name":"n","scopes":["chat"],"tenantId":"org_other"}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":"n","name":"m","scopes":["chat"]}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":"n","scopes":"chat"}""", SampleAnswer.Malformed)]
    [TestCase("[]", SampleAnswer.Malformed)]
    public async Task KeyBody_Wrong_NamesWhatIsWrong(string body, string message)
    {
        var refused = await TwigSample.Running.SendAsync("POST", TwigSample.Keys, body, TwigSample.Admin);
        Assert.That(refused.Json.GetProperty("error").GetProperty("message").GetString(), Does.StartWith(message));
        TwigSample.AssertError(refused, 400, "invalid_request", refused.Json.GetProperty("error").GetProperty("message").GetString()!);
    }

    [TestCase("/api/chat", """{"prompt":"Hello"}""", "agentId is required")]
    [TestCase("/api/chat", """{"prompt":"Hello","agentId":"agent-123","model":"x"}""", SampleAnswer.Malformed)]
    [TestCase("/api/agents", """{"name":""}""", "name is required")]
    [TestCase("/api/data", "{}", "name is required")]
    public async Task Body_Wrong_NamesWhatIsWrong(string path, string body, string message) =>
        TwigSample.AssertError(
            await TwigSample.Running.SendAsync("POST", path, body, await TwigSample.KeyAsync("admin")), 400, "invalid_request", message);

    [TestCase("GET", "/api/nothing", 404, "not_found", "Not Found")]
    [TestCase("PATCH", "/api/agents", 405, "method_not_allowed", "Method Not Allowed")]
    public async Task Path_OrMethodUnknown_HasTheShape(string method, string path, int status, string code, string message) =>
        TwigSample.AssertError(await TwigSample.Running.SendAsync(method, path, null, TwigSample.Admin), status, code, message);
}
