using ApiKeyAuth.Authorization;
using ApiKeyAuth.Usage.History;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

/// <summary>The page's table "Scopes": what each scope opens at the API and which MCP tools it shows, by the official client.</summary>
internal sealed class ScopesTests
{
    private static readonly string[] AllTools =
        ["crm_create_lead", "crm_get_analytics", "crm_get_bookings", "crm_log_call", "crm_search", "crm_send_message", "crm_update_lead"];

    [TestCase("leads:read", "crm_search")]
    [TestCase("leads:write", "crm_create_lead", "crm_update_lead")]
    [TestCase("bookings:read", "crm_get_bookings")]
    [TestCase("calls:write", "crm_log_call")]
    [TestCase("messages:write", "crm_send_message")]
    [TestCase("analytics:read", "crm_get_analytics")]
    [TestCase("leads:create")]
    public async Task Scope_OfAKey_ShowsItsToolsAndNoOther(string scope, params string[] tools)
    {
        await using var client = await ConnectAsync("X-Agent-Token", (await AgentCrmSample.MakeKeyAsync(scope)).Key);

        Assert.That((await client.ListToolsAsync()).Select(tool => tool.Name), Is.EquivalentTo(tools));
        foreach (var unseen in AllTools.Except(tools))
        {
            Assert.That(() => client.CallToolAsync(unseen).AsTask(), Throws.InstanceOf<McpException>(), unseen);
        }
    }

    [Test]
    public async Task Usage_OfToolsThatAreListedAndOneThatIsCalled_HoldsTheScopeOfTheCalledOne()
    {
        var (id, key) = await AgentCrmSample.MakeKeyAsync("leads:read", "leads:write", "analytics:read");
        await using var client = await ConnectAsync("X-Agent-Token", key);
        Assert.That(await client.ListToolsAsync(), Has.Count.EqualTo(4));
        await CallAsync(client, "crm_search", []);
        IReadOnlyList<string> unused = [];
        await Eventually.IsTrueAsync(async () => (unused = await UnusedAsync()).Count < 3);
        Assert.That(unused, Is.EquivalentTo(new[] { "leads:write", "analytics:read" }));

        async Task<IReadOnlyList<string>> UnusedAsync() => (await AgentCrmSample.Running.ManageAsync(keys =>
            keys.GetUsageAsync(ApiKeyCaller.System, id, new ApiKeyUsageRequest()))).UnusedScopes;
    }

    [TestCase("X-Agent-Token", "")]
    [TestCase("Authorization", "Bearer ")]
    public async Task Star_InEitherHeader_ShowsAllToolsAndTheyWork(string header, string before)
    {
        await using var client = await ConnectAsync(header, before + (await AgentCrmSample.MakeKeyAsync("*")).Key);
        Assert.That((await client.ListToolsAsync()).Select(tool => tool.Name), Is.EquivalentTo(AllTools));

        var lead = await CallAsync(client, "crm_create_lead", new() { ["name"] = "Lan", ["phone"] = "0901" });
        var id = System.Text.Json.JsonDocument.Parse(lead).RootElement.GetProperty("id").GetString()!;
        Assert.That(
            await CallAsync(client, "crm_update_lead", new() { ["id"] = id, ["phone"] = "0902" }), Does.Contain("0902").And.Contain("Lan"));
        Assert.That(await CallAsync(client, "crm_search", new() { ["text"] = "0902" }), Does.Contain(id));
        Assert.That(
            await CallAsync(client, "crm_log_call", new() { ["leadId"] = id, ["note"] = "calls back" }), Does.Contain("calls back"));
        Assert.That(await CallAsync(client, "crm_send_message", new() { ["leadId"] = id, ["text"] = "see you" }), Does.Contain("see you"));
        Assert.That(await CallAsync(client, "crm_get_bookings", []), Does.Contain("startsAt"));
        Assert.That(await CallAsync(client, "crm_get_analytics", []), Does.Contain("\"bookings\":1"));
    }

    [Test]
    public async Task Tool_WithALeadThatIsNone_SaysSo()
    {
        await using var client = await ConnectAsync("X-Agent-Token", (await AgentCrmSample.MakeKeyAsync("*")).Key);

        var answer = await client.CallToolAsync(
            "crm_log_call", new Dictionary<string, object?> { ["leadId"] = Guid.NewGuid(), ["note"] = "n" });

        Assert.That(answer.IsError, Is.True);
        Assert.That(((TextContentBlock)answer.Content[0]).Text, Does.EndWith("Lead not found"));
    }

    [TestCase("GET", "/api/agent/leads", "leads:read")]
    [TestCase("POST", "/api/agent/leads", "leads:write")]
    [TestCase("PATCH", "/api/agent/leads/11111111-1111-1111-1111-111111111111", "leads:write")]
    [TestCase("GET", "/api/agent/bookings", "bookings:read")]
    [TestCase("POST", "/api/agent/leads/11111111-1111-1111-1111-111111111111/calls", "calls:write")]
    [TestCase("POST", "/api/agent/leads/11111111-1111-1111-1111-111111111111/messages", "messages:write")]
    [TestCase("GET", "/api/agent/analytics", "analytics:read")]
    public async Task Scope_OfAnEndpoint_IsNeededAndEnough(string method, string path, string scope)
    {
        string[] others = ["leads:read", "leads:write", "bookings:read", "calls:write", "messages:write", "analytics:read"];
        var body = method == "GET" ? null : path.EndsWith("calls", StringComparison.Ordinal) ? """{"note":"n"}""" : path.EndsWith(
            "messages", StringComparison.Ordinal) ? """{"text":"t"}""" : AgentCrmSample.Lead;

        var rejected = await AgentCrmSample.Running.SendAsync(
            method, path, body, await AgentCrmSample.AgentAsync([.. others.Except([scope])]));
        var answered = await AgentCrmSample.Running.SendAsync(method, path, body, await AgentCrmSample.AgentAsync(scope));

        rejected.AssertProblem(403, "insufficient_scope");
        Assert.That(
            answered.Status, path.Contains("1111", StringComparison.Ordinal) ? Is.EqualTo(404) : Is.InRange(200, 201), answered.Body);
    }

    internal static Task<McpClient> ConnectAsync(string header, string value) =>
        McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(AgentCrmSample.Running.Address + "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { [header] = value },
        }));

    private static async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var answer = await client.CallToolAsync(tool, arguments);
        var text = string.Concat(answer.Content.OfType<TextContentBlock>().Select(block => block.Text));
        Assert.That(answer.IsError, Is.Not.True, text);
        return text;
    }
}
