using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

/// <summary>The page's headings "Management API" and "Best Practices": list, create, delete by JWT and permission.</summary>
internal sealed class ManagementApiTests
{
    private const string Body = """
        {
          "name": "OpenFang Sales Agent",
          "scopes": ["*"],
          "rate_limit": 100
        }
        """;

    [Test]
    public async Task TaoKeyMoi_WithThePagesBody_AnswersAsShown()
    {
        var made = await AgentCrmSample.Running.SendAsync("POST", AgentCrmSample.Keys, Body, AgentCrmSample.Writer);

        var key = made.Json.GetProperty("api_key");
        Assert.That((made.Status, made.Header("Cache-Control")), Is.EqualTo((201, "no-store")));
        Assert.That(made.Body, Is.EqualTo(
            $$$"""{"api_key":{"id":"{{{key.GetProperty("id").GetGuid()}}}","key":"{{{key.GetProperty("key").GetString()}}}","name":"OpenFang Sales Agent","scopes":["*"],"rate_limit":100},"message":"Save this key now. It will not be shown again."}"""));
    }

    [Test]
    public async Task DanhSachKeys_ShowsEachKeyWithoutItsSecret()
    {
        var (id, key) = await AgentCrmSample.MakeKeyAsync("leads:read");

        var row = await RowAsync(id, AgentCrmSample.Reader);

        Assert.That(SampleAnswer.Members(row), Is.EqualTo(new[] { "id", "name", "scopes", "rate_limit", "created_at", "last_used_at" }));
        Assert.That(
            (row.GetProperty("rate_limit").GetInt64(), row.GetProperty("last_used_at").ValueKind), Is.EqualTo((100, JsonValueKind.Null)));
        Assert.That(row.ToString(), Does.Not.Contain(key));
    }

    [Test]
    public async Task LastUsedAt_AfterAUse_IsSet()
    {
        var (id, key) = await AgentCrmSample.MakeKeyAsync("leads:read");
        Assert.That((await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + key)).Status, Is.EqualTo(200));

        Assert.That(
            async () => (await RowAsync(id, AgentCrmSample.Reader)).GetProperty("last_used_at").GetString(),
            Is.Not.Null.After(30_000, 250));
    }

    [Test]
    public async Task XoaKey_ThatAnAgentUses_RejectsItAtOnce()
    {
        var (id, key) = await AgentCrmSample.MakeKeyAsync("leads:read");
        Assert.That((await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + key)).Status, Is.EqualTo(200));

        var deleted = await AgentCrmSample.Running.SendAsync("DELETE", $"{AgentCrmSample.Keys}/{id}", null, AgentCrmSample.Writer);

        Assert.That((deleted.Status, deleted.Body), Is.EqualTo((204, "")));
        (await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + key)).AssertProblem(401, "invalid_api_key");
        (await AgentCrmSample.Running.SendAsync("DELETE", $"{AgentCrmSample.Keys}/{id}", null, AgentCrmSample.Writer))
            .AssertProblem(404, "not_found");
    }

    [TestCase("GET", "", "settings:r")]
    [TestCase("POST", "", "settings:w")]
    [TestCase("PATCH", "/any", "settings:w")]
    [TestCase("DELETE", "/any", "settings:w")]
    public async Task Rbac_OfACall_IsAsWritten(string method, string path, string permission)
    {
        var body = method is "POST" or "PATCH" ? """{"name":"n"}""" : null;
        var (_, key) = await AgentCrmSample.MakeKeyAsync("*");

        var byReader = await AgentCrmSample.Running.SendAsync(method, AgentCrmSample.Keys + path, body, AgentCrmSample.Reader);
        Assert.That(byReader.Status, Is.EqualTo(permission == "settings:r" ? 200 : 403));
        foreach (var headers in new string[][] { [], ["Authorization: Bearer " + key], ["X-API-Key: " + key], ["X-Agent-Token: " + key], ["Authorization: Bearer eyJ.a.b"] })
        {
            var rejected = await AgentCrmSample.Running.SendAsync(method, AgentCrmSample.Keys + path, body, headers);
            Assert.That((rejected.Status, rejected.Header("Content-Type")), Is.EqualTo((401, "application/problem+json")));
            Assert.That(rejected.Header("WWW-Authenticate"), Does.StartWith("Bearer"));
        }
    }

    [Test]
    public async Task RateLimit_OfAKey_CountsByTheMinute()
    {
        var made = await AgentCrmSample.Running.SendAsync(
            "POST", AgentCrmSample.Keys, """{"name":"n","scopes":["*"],"rate_limit":2}""", AgentCrmSample.Writer);
        var header = "X-Agent-Token: " + made.Json.GetProperty("api_key").GetProperty("key").GetString();
        foreach (var left in new[] { "1", "0" })
        {
            var answer = await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, header);
            Assert.That(
                (answer.Status, answer.Header("X-RateLimit-Limit"), answer.Header("X-RateLimit-Remaining")), Is.EqualTo((200, "2", left)));
        }

        var rejected = await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, header);

        rejected.AssertProblem(429, "rate_limit_exceeded");
        Assert.That(int.Parse(rejected.Header("Retry-After")!, null), Is.InRange(1, 60));
    }

    private static async Task<JsonElement> RowAsync(string id, string header) =>
        (await AgentCrmSample.Running.GetAsync(AgentCrmSample.Keys, header)).Json.GetProperty("api_keys").EnumerateArray()
            .Single(row => row.GetProperty("id").GetString() == id);
}
