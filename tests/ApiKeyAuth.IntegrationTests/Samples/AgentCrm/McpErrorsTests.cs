using System.Text.Json;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Usage.History;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

/// <summary>Tests the errors of tools: the rules are those of the REST API, the messages say what is wrong, and failures are counted.</summary>
internal sealed class McpErrorsTests
{
    private const string Unknown = "11111111-1111-1111-1111-111111111111";

    [TestCase("crm_create_lead", """{"name":" ","phone":""}""", "name is required; phone is required")]
    [TestCase("crm_create_lead", """{"name":"Mai"}""", "phone is required")]
    [TestCase("crm_create_lead", """{"name":5,"phone":"1"}""", "name must be a string; omit it to keep the default")]
    [TestCase("crm_create_lead", """{"name":"Mai","phone":"1","vip":true}""", "vip is not an argument of this tool")]
    [TestCase("crm_update_lead", """{"id":"x"}""", "id must be a UUID")]
    [TestCase("crm_update_lead", $$"""{"id":"{{Unknown}}","name":""}""", "name is required")]
    [TestCase("crm_update_lead", $$"""{"id":"{{Unknown}}","name":null}""", "name must be a string; omit it to keep the default")]
    [TestCase("crm_log_call", $$"""{"leadId":"{{Unknown}}","note":" "}""", "note is required")]
    [TestCase("crm_send_message", $$"""{"leadId":"{{Unknown}}"}""", "text is required")]
    [TestCase("crm_send_message", $$"""{"leadId":"{{Unknown}}","text":"Hi"}""", "Lead not found")]
    public async Task Call_WithAWrongArgument_SaysWhatIsWrong(string tool, string arguments, string message)
    {
        await using var client = await ScopesTests.ConnectAsync("X-Agent-Token", (await AgentCrmSample.MakeKeyAsync("*")).Key);
        var answer = await client.CallToolAsync(tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments));

        Assert.That(answer.IsError, Is.True);
        Assert.That(((TextContentBlock)answer.Content[0]).Text, Does.EndWith(message));
    }

    [TestCase("")]
    [TestCase("  ")]
    public async Task Update_WithABlankName_KeepsTheNameInRestAndMcp(string name)
    {
        var header = await AgentCrmSample.AgentAsync("*");
        var made = await AgentCrmSample.Running.SendAsync("POST", AgentCrmSample.AgentLeads, AgentCrmSample.Lead, header);
        var id = made.Json.GetProperty("id").GetString();
        var path = $"{AgentCrmSample.AgentLeads}/{id}";
        await using var client = await ScopesTests.ConnectAsync("X-Agent-Token", (await AgentCrmSample.MakeKeyAsync("*")).Key);

        var byTool = await client.CallToolAsync("crm_update_lead", new Dictionary<string, object?> { ["id"] = id, ["name"] = name });
        var byRest = await AgentCrmSample.Running.SendAsync("PATCH", path, $$"""{"name":"{{name}}"}""", header);

        Assert.That((byTool.IsError, byRest.Status), Is.EqualTo(((bool?)true, 400)));
        Assert.That(((TextContentBlock)byTool.Content[0]).Text, Does.EndWith(byRest.Json.GetProperty("detail").GetString()!));
        Assert.That(
            (await AgentCrmSample.Running.GetAsync(path, header)).Json.GetProperty("name").GetString(), Is.EqualTo("Mai"));
    }

    [Test]
    public async Task Call_WithoutTheScope_NamesItAndCountsAsAFailure()
    {
        var (id, key) = await AgentCrmSample.MakeKeyAsync("leads:read");
        await using var client = await ScopesTests.ConnectAsync("X-Agent-Token", key);

        var refused = Assert.ThrowsAsync<McpProtocolException>(() => client.CallToolAsync(
            "crm_create_lead", new Dictionary<string, object?> { ["name"] = "Mai", ["phone"] = "1" }).AsTask());

        Assert.That(refused!.Message, Does.EndWith("The API key lacks the required scope: leads:write"));
        await AssertFailuresAsync(id, "insufficient_scope", 1);
    }

    [Test]
    public async Task Call_ThatFailsOrIsUnknown_CountsAsAFailure()
    {
        var (id, key) = await AgentCrmSample.MakeKeyAsync("*");
        foreach (var call in new[]
        {
            $$$"""{"name":"crm_log_call","arguments":{"leadId":"{{{Unknown}}}","note":"n"}}""",
            """{"name":"crm_nothing"}""",
            """{"name":"crm_search"}""",
        })
        {
            var answer = await AgentCrmSample.Running.SendAsync(
                "POST", "/mcp", $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{call}}}""",
                "X-Agent-Token: " + key, "Accept: application/json, text/event-stream");
            Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        }

        await AssertFailuresAsync(id, "client_error", 2);
    }

    private static Task AssertFailuresAsync(string id, string outcome, long count) => Eventually.IsTrueAsync(async () =>
    {
        var usage = await AgentCrmSample.Running.ManageAsync(keys =>
            keys.GetUsageAsync(ApiKeyCaller.System, id, new ApiKeyUsageRequest()));
        return usage.Rows.Sum(row => row.Outcomes.GetValueOrDefault(outcome)) == count;
    });
}
