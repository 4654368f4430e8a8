namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The page's table "API Key Scopes": what each scope opens, and that nothing else does but <c>admin</c>.</summary>
internal sealed class ApiKeyScopesTests
{
    private static readonly string[] All =
        ["chat", "agents:read", "agents:write", "agents:delete", "data:read", "data:write", "analytics:read"];

    [TestCase("chat", "POST", "/api/chat", """{"prompt":"Hello","agentId":"agent-123"}""", 200)]
    [TestCase("agents:read", "GET", "/api/agents", null, 200)]
    [TestCase("agents:read", "GET", "/api/agents/agent-123", null, 200)]
    [TestCase("agents:write", "POST", "/api/agents", """{"name":"Sales"}""", 201)]
    [TestCase("agents:write", "PUT", "/api/agents/agent-123", """{"name":"Support"}""", 200)]
    [TestCase("agents:delete", "DELETE", "/api/agents/agent-none", null, 404)]
    [TestCase("data:read", "GET", "/api/data", null, 200)]
    [TestCase("data:write", "POST", "/api/data", """{"name":"Wiki"}""", 201)]
    [TestCase("data:write", "PUT", "/api/data/data-1", """{"name":"Handbook"}""", 200)]
    [TestCase("analytics:read", "GET", "/api/analytics", null, 200)]
    public async Task Scope_OfAKey_OpensItsRowAndAdminOpensIt(string scope, string method, string path, string? body, int status)
    {
        Assert.That((await TwigSample.Running.SendAsync(method, path, body, await TwigSample.KeyAsync(scope))).Status, Is.EqualTo(status));
        Assert.That(
            (await TwigSample.Running.SendAsync(method, path, body, await TwigSample.KeyAsync("admin"))).Status, Is.EqualTo(status));
        TwigSample.AssertError(
            await TwigSample.Running.SendAsync(method, path, body, await TwigSample.KeyAsync([.. All.Except([scope])])),
            403, "insufficient_scope", $"API key lacks required scope: {scope}");
    }

    [Test]
    public async Task Example_OfThePage_GrantsTheThree()
    {
        var made = await TwigSample.Running.SendAsync("POST", TwigSample.Keys, """
            {
              "name": "Example",
              "scopes": [
                "chat",
                "agents:read",
                "analytics:read"
              ]
            }
            """, TwigSample.Admin);

        Assert.That(
            made.Json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()),
            Is.EquivalentTo(new[] { "chat", "agents:read", "analytics:read" }));
    }

    [Test]
    public async Task Agent_Created_CanBeReadUpdatedUsedAndDeleted()
    {
        var header = await TwigSample.KeyAsync("admin");
        var made = await TwigSample.Running.SendAsync("POST", TwigSample.Agents, """{"name":"Sales"}""", header);
        var id = made.Json.GetProperty("id").GetString();

        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, header)).Body, Does.Contain(id!));
        Assert.That(
            (await TwigSample.Running.SendAsync("PUT", $"{TwigSample.Agents}/{id}", """{"name":"Sales 2"}""", header))
                .Json.GetProperty("name")
                .GetString(),
            Is.EqualTo("Sales 2"));
        Assert.That(
            (await TwigSample.Running.SendAsync("POST", TwigSample.Chat, $$"""{"prompt":"Hi","agentId":"{{id}}"}""", header)).Json.GetProperty("response").GetString(),
            Is.EqualTo("Sales 2 heard: Hi"));
        Assert.That((await TwigSample.Running.SendAsync("DELETE", $"{TwigSample.Agents}/{id}", null, header)).Status, Is.EqualTo(204));
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync($"{TwigSample.Agents}/{id}", header), 404, "not_found", "Agent not found");
    }
}
