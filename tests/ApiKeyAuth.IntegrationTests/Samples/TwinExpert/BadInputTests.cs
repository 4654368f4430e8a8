using ApiKeyAuth.Authorization;

namespace ApiKeyAuth.IntegrationTests.Samples.TwinExpert;

/// <summary>What is refused: the page shows no shape, so the contract's stands.</summary>
internal sealed class BadInputTests
{
    private static RunningSample Sample => TwinExpertSample.Running;

    [TestCase("X-API-Key: nonsense")]
    [TestCase("X-API-Key: twin_live_0123456789012345678901234567890123456789012abcdef")]
    [TestCase("Authorization: Bearer twin_live_short")]
    [TestCase("Authorization: Bearer eyJ.a.b")]
    public async Task Key_Wrong_Is401(string header) =>
        (await Sample.GetAsync(TwinExpertSample.Twins, header)).AssertProblem(401, "invalid_api_key");

    [Test]
    public async Task Key_Expired_Is401AndSaysSo() =>
        (await Sample.GetAsync(TwinExpertSample.Twins, "X-API-Key: " + await Sample.IssueExpiredAsync(TwinExpertSample.OfOtherAccount)))
            .AssertProblem(401, "expired_api_key");

    [Test]
    public async Task Key_Revoked_Is401()
    {
        var issued = await Sample.IssueAsync(TwinExpertSample.OfOtherAccount);
        await Sample.ManageAsync(keys => keys.RevokeAsync(ApiKeyCaller.System, issued.Key.Id));
        (await Sample.GetAsync(TwinExpertSample.Twins, "X-API-Key: " + issued.Secret)).AssertProblem(401, "invalid_api_key");
    }

    [Test]
    public async Task Key_InTwoHeaders_Is400()
    {
        var key = await TwinExpertSample.MakeKeyAsync("read_only");
        (await Sample.GetAsync(TwinExpertSample.Twins, "X-API-Key: " + key, "Authorization: Bearer " + key))
            .AssertProblem(400, "invalid_request");
    }

    [Test]
    public async Task Conversation_OfAnotherAccount_ReadsLikeNone()
    {
        var other = "X-API-Key: " + (await Sample.IssueAsync(TwinExpertSample.OfOtherAccount)).Secret;
        var path = await TwinExpertSample.StartConversationAsync(await TwinExpertSample.MakeKeyAsync("full_access"));
        foreach (var asked in new[] { path, path + "/messages", TwinExpertSample.Conversations + "/conv_none" })
        {
            (await Sample.GetAsync(asked, other)).AssertProblem(404, "not_found");
        }

        (await Sample.SendAsync("POST", path + "/messages", """{"content":"hello"}""", other)).AssertProblem(404, "not_found");
        Assert.That((await Sample.GetAsync(TwinExpertSample.Conversations, other)).Body, Does.Not.Contain(path.Split('/')[^1]));
    }

    [TestCase("{}", "name,scope")]
    [TestCase("""{"name":"","scope":"admin"}""", "name,scope")]
    [TestCase("""{"name":"n","scope":"*"}""", "scope")]
    [TestCase("""{"name":null,"scope":null}""", "name,scope")]
    public async Task CreateBody_Wrong_NamesEveryField(string body, string fields)
    {
        var answer = await Sample.SendAsync("POST", TwinExpertSample.ApiKeys, body, "Authorization: Bearer " + TwinExpertSample.Jwt);
        answer.AssertProblem(400, "invalid_request");
        Assert.That(string.Join(',', SampleAnswer.Members(answer.Json.GetProperty("errors")).Order()), Is.EqualTo(fields));
    }

    [TestCase("", "{}", "twinId")]
    [TestCase("", """{"twinId":"twin_none"}""", "twinId")]
    [TestCase("/messages", """{"content":""}""", "content")]
    [TestCase("/messages", "{}", "content")]
    public async Task ConversationBody_Wrong_NamesEveryField(string path, string body, string field)
    {
        var key = await TwinExpertSample.MakeKeyAsync("full_access");
        var url = path.Length == 0 ? TwinExpertSample.Conversations : await TwinExpertSample.StartConversationAsync(key) + path;
        var answer = await Sample.SendAsync("POST", url, body, "X-API-Key: " + key);
        answer.AssertProblem(400, "invalid_request");
        Assert.That(SampleAnswer.Members(answer.Json.GetProperty("errors")), Is.EqualTo(new[] { field }));
    }

    [TestCase(TwinExpertSample.ApiKeys, """{"name":5,"scope":"read_only"}""")]
    [TestCase(TwinExpertSample.ApiKeys, """{"name":"n","scope":["read_only"]}""")]
    [TestCase(TwinExpertSample.ApiKeys, """{"name":"n","scope":"read_only","tenantId":"user_other"}""")]
    [TestCase(TwinExpertSample.ApiKeys, """{"name":"n","scope":"read_only","rateLimits":["1000000/hour"]}""")]
    [TestCase(TwinExpertSample.ApiKeys, """{"name":"n","name":"m","scope":"read_only"}""")]
    [TestCase(TwinExpertSample.ApiKeys, "[]")]
    [TestCase(TwinExpertSample.Conversations, """{"twinId":"twin_an","id":"conv_1"}""")]
    [TestCase(TwinExpertSample.Conversations + "/any/messages", """{"content":"hello","role":"twin"}""")]
    public async Task Body_Malformed_IsAProblem(string path, string body)
    {
        var header = path == TwinExpertSample.ApiKeys
            ? "Authorization: Bearer " + TwinExpertSample.Jwt
            : "X-API-Key: " + await TwinExpertSample.MakeKeyAsync("full_access");
        (await Sample.SendAsync("POST", path, body, header)).AssertMalformed();
    }

    [Test]
    public async Task ApiKeys_WithoutAJwt_MakesNoKey()
    {
        const string Body = """{"name":"My App","scope":"full_access"}""";
        (await Sample.SendAsync("POST", TwinExpertSample.ApiKeys, Body)).AssertProblem(401, "missing_credentials");
        (await Sample.SendAsync("POST", TwinExpertSample.ApiKeys, Body, $"Authorization: Bearer {TwinExpertSample.Jwt}x"))
            .AssertProblem(401, "invalid_token");
        (await Sample.SendAsync("POST", TwinExpertSample.ApiKeys, Body, "X-API-Key: " + await TwinExpertSample.MakeKeyAsync("full_access")))
            .AssertProblem(403, "forbidden");
    }

    [Test]
    public async Task Jwt_WhereAKeyIsNeeded_Is401() =>
        (await Sample.GetAsync(TwinExpertSample.Twins, "Authorization: Bearer " + TwinExpertSample.Jwt))
            .AssertProblem(401, "invalid_api_key");

    [TestCase("GET", "/api/v1/nothing", 404)]
    [TestCase("PUT", TwinExpertSample.Twins, 405)]
    public async Task Path_OrMethodUnknown_IsAProblemToo(string method, string path, int status)
    {
        var answer = await Sample.SendAsync(method, path, null, "X-API-Key: " + await TwinExpertSample.MakeKeyAsync("read_only"));
        Assert.That((answer.Status, answer.Header("Content-Type")), Is.EqualTo((status, "application/problem+json")));
    }
}
