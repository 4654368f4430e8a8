using ApiKeyAuth.Authorization;

namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

/// <summary>What is refused: the page shows no shape, so the contract's stands.</summary>
internal sealed class BadInputTests
{
    private static RunningSample Sample => AgentCrmSample.Running;

    [TestCase("X-Agent-Token: nonsense")]
    [TestCase("X-Agent-Token: sk_live_523cc2765eee")]
    [TestCase("X-Agent-Token: sk_live_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Key_Wrong_Is401(string header) =>
        (await Sample.GetAsync(AgentCrmSample.AgentLeads, header)).AssertProblem(401, "invalid_api_key");

    [TestCase("/api/agent/leads", "GET")]
    [TestCase("/api/agent/leads", "POST")]
    [TestCase("/api/agent/bookings", "GET")]
    [TestCase("/api/agent/analytics", "GET")]
    [TestCase("/api/public/leads", "POST")]
    [TestCase("/mcp", "POST")]
    public async Task Key_Missing_Is401(string path, string method) =>
        (await Sample.SendAsync(method, path, method == "POST" ? AgentCrmSample.Lead : null)).AssertProblem(401, "missing_api_key");

    [Test]
    public async Task Key_Expired_Is401AndSaysSo() =>
        (await Sample.GetAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + await Sample.IssueExpiredAsync(AgentCrmSample.OfDemoCompany)))
            .AssertProblem(401, "expired_api_key");

    [Test]
    public async Task Key_Revoked_Is401()
    {
        var issued = await Sample.IssueAsync(AgentCrmSample.OfDemoCompany);
        await Sample.ManageAsync(keys => keys.RevokeAsync(ApiKeyCaller.System, issued.Key.Id));
        (await Sample.GetAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + issued.Secret)).AssertProblem(401, "invalid_api_key");
    }

    [Test]
    public async Task Key_InBothHeadersOfMcp_Is400()
    {
        var (_, key) = await AgentCrmSample.MakeKeyAsync("*");
        (await Sample.SendAsync("POST", "/mcp", "{}", "X-Agent-Token: " + key, "Authorization: Bearer " + key))
            .AssertProblem(400, "invalid_request");
    }

    [Test]
    public async Task Lead_OfAnotherCompany_ReadsLikeNone()
    {
        var other = "X-Agent-Token: " + (
            await Sample.IssueAsync(AgentCrmSample.OfDemoCompany with { TenantId = "company_other", Scopes = ["*"] })).Secret;
        var made = await Sample.SendAsync("POST", AgentCrmSample.AgentLeads, AgentCrmSample.Lead, await AgentCrmSample.AgentAsync("*"));
        var path = $"{AgentCrmSample.AgentLeads}/{made.Json.GetProperty("id")}";

        (await Sample.GetAsync(path, other)).AssertProblem(404, "not_found");
        (await Sample.SendAsync("PATCH", path, """{"name":"x"}""", other)).AssertProblem(404, "not_found");
        (await Sample.SendAsync("POST", path + "/calls", """{"note":"x"}""", other)).AssertProblem(404, "not_found");
        Assert.That(
            (await Sample.GetAsync(AgentCrmSample.AgentLeads, other)).Body, Does.Not.Contain(made.Json.GetProperty("id").GetString()));
    }

    [Test]
    public async Task KeyId_OfAnotherCompany_ReadsLikeNone()
    {
        var foreign = await Sample.IssueAsync(AgentCrmSample.OfDemoCompany with { TenantId = "company_other" });
        var path = $"{AgentCrmSample.Keys}/{foreign.Key.Id}";
        (await Sample.SendAsync("PATCH", path, """{"name":"x"}""", AgentCrmSample.Writer)).AssertProblem(404, "not_found");
        (await Sample.SendAsync("DELETE", path, null, AgentCrmSample.Writer)).AssertProblem(404, "not_found");
        Assert.That((await Sample.GetAsync(AgentCrmSample.Keys, AgentCrmSample.Writer)).Body, Does.Not.Contain(foreign.Key.Id));
    }

    [TestCase("{}", "name")]
    [TestCase("""{"name":"n","scopes":["leads:steal"]}""", "scopes")]
    [TestCase("""{"name":"n","scopes":["leads:read",null]}""", "scopes")]
    [TestCase("""{"name":"n","rate_limit":0}""", "rate_limit")]
    [TestCase("""{"name":" ","rate_limit":4000000001}""", "name,rate_limit")]
    public async Task KeyBody_Wrong_NamesEveryField(string body, string fields) =>
        AssertFields(await Sample.SendAsync("POST", AgentCrmSample.Keys, body, AgentCrmSample.Writer), fields);

    [TestCase("POST", "", "{}", "name,phone")]
    [TestCase("PATCH", "/11111111-1111-1111-1111-111111111111", """{"name":""}""", "name")]
    [TestCase("POST", "/11111111-1111-1111-1111-111111111111/calls", """{"note":" "}""", "note")]
    [TestCase("POST", "/11111111-1111-1111-1111-111111111111/messages", "{}", "text")]
    public async Task LeadBody_Wrong_NamesEveryField(string method, string path, string body, string fields) =>
        AssertFields(await Sample.SendAsync(method, AgentCrmSample.AgentLeads + path, body, await AgentCrmSample.AgentAsync("*")), fields);

    [TestCase("POST", "", """{"name":"n","scopes":"*"}""")]
    [TestCase("POST", "", """{"name":"n","rate_limit":"100"}""")]
    [TestCase("POST", "", """{"name":"n","name":"m"}""")]
    [TestCase("POST", "", """{"name":"n","id":"1"}""")]
    [TestCase("POST", "", """{"name":"n","tenant_id":"company_other"}""")]
    [TestCase("PATCH", "/any", """{"name":null}""")]
    [TestCase("PATCH", "/any", """{"scopes":null}""")]
    [TestCase("PATCH", "/any", """{"rate_limit":null}""")]
    public async Task KeyBody_Malformed_IsAProblem(string method, string path, string body) =>
        (await Sample.SendAsync(method, AgentCrmSample.Keys + path, body, AgentCrmSample.Writer)).AssertMalformed();

    [TestCase("POST", "", """{"name":"n","phone":"1","id":"x"}""")]
    [TestCase("PATCH", "/11111111-1111-1111-1111-111111111111", """{"phone":null}""")]
    [TestCase("POST", "/11111111-1111-1111-1111-111111111111/calls", """{"text":"n"}""")]
    public async Task LeadBody_Malformed_IsAProblem(string method, string path, string body) =>
        (await Sample.SendAsync(method, AgentCrmSample.AgentLeads + path, body, await AgentCrmSample.AgentAsync("*"))).AssertMalformed();

    [TestCase("GET", "/api/nothing", null, 404, "not_found")]
    [TestCase("GET", AgentCrmSample.AgentLeads + "/1", null, 404, "not_found")]
    [TestCase("GET", AgentCrmSample.AgentLeads + "/11111111-1111-1111-1111-111111111111", null, 404, "not_found")]
    [TestCase("PUT", AgentCrmSample.AgentLeads, null, 405, "method_not_allowed")]
    [TestCase("POST", AgentCrmSample.AgentLeads, "[]", 400, "invalid_request")]
    [TestCase("POST", AgentCrmSample.AgentLeads, "{}", 400, "invalid_request")]
    [TestCase("POST", AgentCrmSample.PublicLeads, "{}", 401, "missing_api_key")]
    [TestCase("GET", AgentCrmSample.Keys, null, 401, "unauthorized")]
    [TestCase("POST", AgentCrmSample.Keys, "{}", 403, "forbidden", true)]
    public async Task Problem_OfAnyError_HasTheSameMembers(
        string method, string path, string? body, int status, string code, bool isReader = false)
    {
        var answer = await Sample.SendAsync(
            method, path, body, isReader ? AgentCrmSample.Reader : await AgentCrmSample.AgentAsync("*"));

        Assert.That((answer.Status, answer.Header("Content-Type")), Is.EqualTo((status, "application/problem+json")), answer.Body);
        Assert.That(
            SampleAnswer.Members(answer.Json).Except(["errors"]),
            Is.EquivalentTo(new[] { "type", "title", "status", "detail", "code", "traceId" }));
        Assert.That(answer.Json.GetProperty("code").GetString(), Is.EqualTo(code));
    }

    private static void AssertFields(SampleAnswer answer, string fields)
    {
        answer.AssertProblem(400, "invalid_request");
        Assert.That(string.Join(',', SampleAnswer.Members(answer.Json.GetProperty("errors")).Order()), Is.EqualTo(fields));
    }
}
