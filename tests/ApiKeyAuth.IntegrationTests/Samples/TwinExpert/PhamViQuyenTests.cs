namespace ApiKeyAuth.IntegrationTests.Samples.TwinExpert;

/// <summary>The page's heading "Phạm vi quyền (Scopes)": each row of its table.</summary>
internal sealed class PhamViQuyenTests
{
    [TestCase("read_only", 200)]
    [TestCase("full_access", 500)]
    public async Task Scope_Limit_IsThatOfTheTableAndOneMoreIsRejected(string scope, int limit)
    {
        var header = "X-API-Key: " + await TwinExpertSample.MakeKeyAsync(scope);
        for (var left = limit - 1; left >= 0; left--)
        {
            var answer = await TwinExpertSample.Running.GetAsync(TwinExpertSample.Twins, header);
            Assert.That(
                (answer.Status, answer.Header("X-RateLimit-Limit"), answer.Header("X-RateLimit-Remaining")),
                Is.EqualTo((200, $"{limit}", $"{left}")));
        }

        var rejected = await TwinExpertSample.Running.GetAsync(TwinExpertSample.Twins, header);
        rejected.AssertProblem(429, "rate_limit_exceeded");
        Assert.That(int.Parse(rejected.Header("Retry-After")!, null), Is.InRange(1, 3600));
    }

    [TestCase("read_only")]
    [TestCase("full_access")]
    public async Task Scope_Either_ListsTwins(string scope)
    {
        var answer = await GetAsync(scope, TwinExpertSample.Twins);
        Assert.That(
            answer.Json.GetProperty("data").EnumerateArray().Select(twin => twin.GetProperty("id").GetString()),
            Is.EqualTo(new[] { "twin_an", "twin_binh" }));
    }

    [TestCase("read_only")]
    [TestCase("full_access")]
    public async Task Scope_Either_ReadsConversations(string scope)
    {
        var path = await TwinExpertSample.StartConversationAsync(await TwinExpertSample.MakeKeyAsync("full_access"));

        var one = await GetAsync(scope, path);
        var all = await GetAsync(scope, TwinExpertSample.Conversations);

        Assert.That(SampleAnswer.Members(one.Json.GetProperty("data")), Is.EqualTo(new[] { "id", "twinId", "createdAt" }));
        Assert.That(
            all.Json.GetProperty("data").EnumerateArray().Select(found => found.GetProperty("id").GetString()),
            Has.Member(path.Split('/')[^1]));
    }

    [TestCase("read_only")]
    [TestCase("full_access")]
    public async Task Scope_Either_ReadsTheHistoryOfMessages(string scope)
    {
        var key = await TwinExpertSample.MakeKeyAsync("full_access");
        var path = await TwinExpertSample.StartConversationAsync(key) + "/messages";
        await TwinExpertSample.Running.SendAsync("POST", path, """{"content":"first"}""", "X-API-Key: " + key);
        await TwinExpertSample.Running.SendAsync("POST", path, """{"content":"second"}""", "X-API-Key: " + key);

        var history = await GetAsync(scope, path);

        Assert.That(
            history.Json.GetProperty("data").EnumerateArray().Select(message => message.GetProperty("content").GetString()),
            Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public async Task FullAccess_Post_StartsAConversation()
    {
        var header = "X-API-Key: " + await TwinExpertSample.MakeKeyAsync("full_access");
        var started = await TwinExpertSample.Running.SendAsync(
            "POST", TwinExpertSample.Conversations, """{"twinId":"twin_binh"}""", header);
        Assert.That((started.Status, started.Json.GetProperty("data").GetProperty("twinId").GetString()), Is.EqualTo((201, "twin_binh")));
    }

    [Test]
    public async Task FullAccess_Post_SendsAMessage()
    {
        var key = await TwinExpertSample.MakeKeyAsync("full_access");
        var path = await TwinExpertSample.StartConversationAsync(key);
        var sent = await TwinExpertSample.Running.SendAsync("POST", path + "/messages", """{"content":"hello"}""", "X-API-Key: " + key);
        Assert.That((sent.Status, sent.Json.GetProperty("data").GetProperty("content").GetString()), Is.EqualTo((201, "hello")));
    }

    [Test]
    public async Task ReadOnly_Post_NeitherStartsNorSends()
    {
        var header = "X-API-Key: " + await TwinExpertSample.MakeKeyAsync("read_only");
        var path = await TwinExpertSample.StartConversationAsync(await TwinExpertSample.MakeKeyAsync("full_access"));

        var start = await TwinExpertSample.Running.SendAsync("POST", TwinExpertSample.Conversations, """{"twinId":"twin_an"}""", header);
        var send = await TwinExpertSample.Running.SendAsync("POST", path + "/messages", """{"content":"hello"}""", header);

        start.AssertProblem(403, "insufficient_scope");
        send.AssertProblem(403, "insufficient_scope");
        Assert.That(start.Header("WWW-Authenticate"), Is.EqualTo("Bearer error=\"insufficient_scope\", scope=\"full_access\""));
    }

    private static async Task<SampleAnswer> GetAsync(string scope, string path)
    {
        var answer = await TwinExpertSample.Running.GetAsync(path, "X-API-Key: " + await TwinExpertSample.MakeKeyAsync(scope));
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        return answer;
    }
}
