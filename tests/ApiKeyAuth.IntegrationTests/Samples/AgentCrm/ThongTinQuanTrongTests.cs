namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

/// <summary>The section "Thông tin quan trọng" of the page: the format of keys, the header of each API, the default scope.</summary>
internal sealed class ThongTinQuanTrongTests
{
    [Test]
    public async Task Key_Made_HasTheShownShape() =>
        Assert.That((await AgentCrmSample.MakeKeyAsync()).Key, Does.Match("^sk_live_[0-9a-f]{64}$"));

    [Test]
    public async Task Key_OfTheDatabase_IsItsSha256Only()
    {
        var (id, key) = await AgentCrmSample.MakeKeyAsync();
        var list = (await AgentCrmSample.Running.GetAsync(AgentCrmSample.Keys, AgentCrmSample.Writer)).Body;
        Assert.That(list, Does.Contain(id).And.Not.Contain(key));
    }

    [Test]
    public async Task Header_OfEachApi_IsItsOwn()
    {
        var (_, key) = await AgentCrmSample.MakeKeyAsync("*");

        Assert.That((await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + key)).Status, Is.EqualTo(200));
        Assert.That((await PostAsync(AgentCrmSample.PublicLeads, "X-API-Key: " + key)).Status, Is.EqualTo(201));
        (await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, "X-API-Key: " + key)).AssertProblem(401, "missing_api_key");
        (await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, "Authorization: Bearer " + key))
            .AssertProblem(401, "missing_api_key");
        (await PostAsync(AgentCrmSample.PublicLeads, "X-Agent-Token: " + key)).AssertProblem(401, "missing_api_key");
    }

    [Test]
    public async Task Scope_ByDefault_IsToCreateLeads()
    {
        var (_, key) = await AgentCrmSample.MakeKeyAsync();

        Assert.That((await PostAsync(AgentCrmSample.PublicLeads, "X-API-Key: " + key)).Status, Is.EqualTo(201));
        Assert.That((await PostAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + key)).Status, Is.EqualTo(201));
        (await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + key))
            .AssertProblem(403, "insufficient_scope");
    }

    [Test]
    public async Task Scope_WidenedByAnAdmin_OpensEverything()
    {
        var (id, key) = await AgentCrmSample.MakeKeyAsync();

        var changed = await AgentCrmSample.Running.SendAsync(
            "PATCH", $"{AgentCrmSample.Keys}/{id}", """{"scopes":["*"]}""", AgentCrmSample.Writer);

        Assert.That(
            (changed.Status, $"{changed.Json.GetProperty("api_key").GetProperty("scopes")}"), Is.EqualTo((200, """["*"]""")), changed.Body);
        Assert.That((await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads, "X-Agent-Token: " + key)).Status, Is.EqualTo(200));
        Assert.That((await AgentCrmSample.Running.GetAsync("/api/agent/analytics", "X-Agent-Token: " + key)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Lead_ThatAFormSent_IsFoundAndChangedByTheAgent()
    {
        var agent = await AgentCrmSample.AgentAsync("leads:read", "leads:write");
        var made = await PostAsync(AgentCrmSample.PublicLeads, "X-API-Key: " + (await AgentCrmSample.MakeKeyAsync()).Key);
        Assert.That(SampleAnswer.Members(made.Json), Is.EqualTo(new[] { "id", "name", "phone", "created_at" }));
        var path = $"{AgentCrmSample.AgentLeads}/{made.Json.GetProperty("id").GetGuid()}";

        var changed = await AgentCrmSample.Running.SendAsync("PATCH", path, """{"phone":"7777"}""", agent);

        Assert.That(
            (changed.Status, changed.Json.GetProperty("name").GetString(), changed.Json.GetProperty("phone").GetString()),
            Is.EqualTo((200, "Mai", "7777")));
        Assert.That((await AgentCrmSample.Running.GetAsync(path, agent)).Body, Is.EqualTo(changed.Body));
        Assert.That(
            (await AgentCrmSample.Running.GetAsync(AgentCrmSample.AgentLeads + "?q=7777", agent)).Body, Does.Contain(path.Split('/')[^1]));
    }

    private static Task<SampleAnswer> PostAsync(string path, string header) =>
        AgentCrmSample.Running.SendAsync("POST", path, AgentCrmSample.Lead, header);
}
