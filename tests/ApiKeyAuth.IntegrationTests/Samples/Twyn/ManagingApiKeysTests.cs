using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The page's heading "Managing API Keys", and "Testing Authentication", whose line is that of the list.</summary>
internal sealed class ManagingApiKeysTests
{
    private const string List = """
        curl https://api.twyn.it/v1/keys \
          -H "X-API-Key: twyn_live_your_key_here"
        """;

    private const string Get = """
        curl https://api.twyn.it/v1/keys/key_abc123 \
          -H "X-API-Key: twyn_live_your_key_here"
        """;

    private const string Update = """
        curl -X PATCH https://api.twyn.it/v1/keys/key_abc123 \
          -H "X-API-Key: twyn_live_your_key_here" \
          -H "Content-Type: application/json" \
          -d '{
            "name": "Production Server (Updated)",
            "is_active": false
          }'
        """;

    private const string Delete = """
        curl -X DELETE https://api.twyn.it/v1/keys/key_abc123 \
          -H "X-API-Key: twyn_live_your_key_here"
        """;

    private static readonly string[] Members =
        ["key_id", "tenant_id", "name", "is_active", "rate_limit", "created_at", "expires_at", "last_used_at", "usage_count"];

    private static readonly (string, string) Key = ("twyn_live_your_key_here", "$TWYN_API_KEY");

    [Test]
    public async Task ListAllKeys_Curl_AnswersAsShown()
    {
        var (id, _) = await TwynSample.MakeKeyAsync("""{"name":"Development","rate_limit":500,"expires_in_days":90}""");

        var list = await TwynSample.CurlAsync(List, Key);

        Assert.That(SampleAnswer.Members(list), Is.EqualTo(new[] { "keys", "total" }));
        var keys = list.GetProperty("keys").EnumerateArray().ToList();
        Assert.That(list.GetProperty("total").GetInt32(), Is.EqualTo(keys.Count));
        Assert.That(keys.Select(SampleAnswer.Members), Is.All.EqualTo(Members));
        Assert.That(keys.Select(key => key.GetProperty("tenant_id").GetString()), Is.All.EqualTo("tenant_acme"));
        var found = keys.Single(key => key.GetProperty("key_id").GetString() == id);
        Assert.That(found.GetProperty("name").GetString(), Is.EqualTo("Development"));
        Assert.That((found.GetProperty("is_active").GetBoolean(), found.GetProperty("rate_limit").GetInt64()), Is.EqualTo((true, 500)));
        Assert.That(
            (found.GetProperty("last_used_at").ValueKind, found.GetProperty("usage_count").GetInt64()),
            Is.EqualTo((JsonValueKind.Null, 0)));
    }

    [Test]
    public async Task ListAllKeys_OfATestKey_AreTheTenantsToo()
    {
        var (id, _) = await TwynSample.MakeKeyAsync();
        Assert.That((await TwynSample.Running.GetAsync(TwynSample.Keys, TwynSample.Test)).Body, Does.Contain(id));
    }

    [Test]
    public async Task GetKeyDetails_Curl_ShowsTheKey()
    {
        var (id, _) = await TwynSample.MakeKeyAsync();
        var key = await TwynSample.CurlAsync(Get, Key, ("key_abc123", id));
        Assert.That(SampleAnswer.Members(key), Is.EqualTo(Members));
        Assert.That(key.GetProperty("key_id").GetString(), Is.EqualTo(id));
    }

    [Test]
    public async Task UpdateAKey_Curl_RenamesAndDisables()
    {
        var (id, header) = await TwynSample.MakeKeyAsync();
        Assert.That((await TwynSample.Running.GetAsync(TwynSample.Simulations, header)).Status, Is.EqualTo(200));

        var key = await TwynSample.CurlAsync(Update, Key, ("key_abc123", id));

        Assert.That(SampleAnswer.Members(key), Is.EqualTo(Members));
        Assert.That(
            (key.GetProperty("name").GetString(), key.GetProperty("is_active").GetBoolean()),
            Is.EqualTo(("Production Server (Updated)", false)));
        TwynSample.AssertDetail(await TwynSample.Running.GetAsync(TwynSample.Simulations, header), 401, "Invalid or missing API key");
    }

    [Test]
    public async Task UpdateAKey_Disabled_CanBeEnabledAgain()
    {
        var (id, header) = await TwynSample.MakeKeyAsync();
        await PatchAsync(id, """{"is_active":false}""");

        var enabled = await PatchAsync(id, """{"is_active":true}""");

        Assert.That((enabled.Status, enabled.Json.GetProperty("is_active").GetBoolean()), Is.EqualTo((200, true)));
        Assert.That((await TwynSample.Running.GetAsync(TwynSample.Simulations, header)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task UpdateAKey_RateLimit_GoesUpToTheCallersOwn()
    {
        var (id, header) = await TwynSample.MakeKeyAsync("""{"name":"n","rate_limit":5}""");

        var widest = await PatchAsync(id, """{"rate_limit":1000}""");
        var beyond = await PatchAsync(id, """{"rate_limit":1001}""");

        Assert.That((widest.Status, widest.Json.GetProperty("rate_limit").GetInt64()), Is.EqualTo((200, 1000)));
        Assert.That((await TwynSample.Running.GetAsync(TwynSample.Simulations, header)).Header("X-RateLimit-Limit"), Is.EqualTo("1000"));
        TwynSample.AssertDetail(beyond, 403, "The rate limits of the key would exceed those of the caller");
    }

    [Test]
    public async Task DeleteAKey_Curl_EndsIt()
    {
        var (id, header) = await TwynSample.MakeKeyAsync();
        Assert.That((await TwynSample.Running.GetAsync(TwynSample.Simulations, header)).Status, Is.EqualTo(200));

        var output = await PageCode.ShellAsync(
            TwynSample.Filled(Delete, Key, ("key_abc123", id)).Replace("curl ", "curl -i ", StringComparison.Ordinal),
            TwynSample.Running.Exported);

        Assert.That(output, Does.StartWith("HTTP/1.1 204 No Content"));
        TwynSample.AssertDetail(await TwynSample.Running.GetAsync(TwynSample.Simulations, header), 401, "Invalid or missing API key");
        TwynSample.AssertDetail(
            await TwynSample.Running.GetAsync($"{TwynSample.Keys}/{id}", TwynSample.Live), 404, "The API key does not exist");
    }

    [Test]
    public async Task TestingAuthentication_IfFailed_Is401()
    {
        var refused = await TwynSample.CurlAsync(List, ("twyn_live_your_key_here", "twyn_live_wrong"));
        Assert.That(refused.GetProperty("detail").GetString(), Is.EqualTo("Invalid or missing API key"));
    }

    private static Task<SampleAnswer> PatchAsync(string id, string body) =>
        TwynSample.Running.SendAsync("PATCH", $"{TwynSample.Keys}/{id}", body, TwynSample.Live);
}
