namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The page's heads "Generating API Keys" and "API Key Types".</summary>
internal sealed class GeneratingApiKeysTests
{
    // The page's line names no content type, so that curl calls its JSON form data.
    private const string ViaApi = """
        curl -X POST https://api.twig.so/api/api-keys \
          -H "Authorization: Bearer ADMIN_KEY" \
          -d '{
            "name": "Production API",
            "scopes": ["chat", "agents:read"],
            "expiresAt": "2025-12-31"
          }'
        """;

    [Test]
    public async Task ViaApi_Curl_MakesAScopedKey()
    {
        var made = await TwigSample.CurlAsync(
            ViaApi, "", ("ADMIN_KEY", TwigSample.Running.Export("TWIG_ADMIN_KEY")), ("2025-12-31", "2099-12-31"));

        Assert.That(
            SampleAnswer.Members(made),
            Is.EqualTo(new[] { "id", "key", "name", "type", "scopes", "status", "expiresAt", "createdAt", "lastUsedAt" }));
        Assert.That(
            (made.GetProperty("name").GetString(), made.GetProperty("type").GetString(), made.GetProperty("expiresAt").GetString()),
            Is.EqualTo(("Production API", "scoped", "2099-12-31")));
        Assert.That($"{made.GetProperty("scopes")}", Is.EqualTo("""["agents:read","chat"]""").Or.EqualTo("""["chat","agents:read"]"""));
        Assert.That(made.GetProperty("key").GetString(), Does.StartWith("sk_live_"));
        Assert.That(
            (await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(made.GetProperty("key").GetString()!))).Status,
            Is.EqualTo(200));
    }

    [Test]
    public async Task ViaApi_WithThePagesPastDate_SaysSo() =>
        Assert.That(
            (await TwigSample.CurlAsync(ViaApi, "", ("ADMIN_KEY", TwigSample.Running.Export("TWIG_ADMIN_KEY")))).ToString(),
            Is.EqualTo("""{"error":{"code":"invalid_request","message":"expiresAt must be in the future"},"status":400}"""));

    [Test]
    public async Task Key_OnceMade_IsShownNoMore()
    {
        var (id, key) = await TwigSample.MakeKeyAsync("chat");

        var one = await TwigSample.Running.GetAsync($"{TwigSample.Keys}/{id}", TwigSample.Admin);
        var list = await TwigSample.Running.GetAsync(TwigSample.Keys, TwigSample.Admin);

        Assert.That((one.Status, one.Header("Cache-Control")), Is.EqualTo((200, "no-store")));
        Assert.That(
            SampleAnswer.Members(one.Json),
            Is.EqualTo(new[] { "id", "name", "type", "scopes", "status", "expiresAt", "createdAt", "lastUsedAt" }));
        Assert.That(list.Body, Does.Contain(id).And.Not.Contain(key));
    }

    [Test]
    public async Task OrganizationKey_AccessesEverything_AndNeedsAnAdminToMake()
    {
        const string Body = """{"name":"Team","type":"organization"}""";
        var made = await TwigSample.Running.SendAsync("POST", TwigSample.Keys, Body, TwigSample.Admin);
        Assert.That(
            (made.Status, made.Json.GetProperty("type").GetString(), $"{made.Json.GetProperty("scopes")}"),
            Is.EqualTo((201, "organization", """["admin"]""")));

        var header = TwigSample.Bearer(made.Json.GetProperty("key").GetString()!);
        foreach (var path in new[] { TwigSample.Agents, "/api/data", "/api/analytics", TwigSample.Keys })
        {
            Assert.That((await TwigSample.Running.GetAsync(path, header)).Status, Is.EqualTo(200), path);
        }

        TwigSample.AssertError(
            await TwigSample.Running.SendAsync("POST", TwigSample.Keys, Body, await TwigSample.KeyAsync("chat", "agents:write")),
            403, "insufficient_scope", "API key lacks required scope: admin");
    }

    [Test]
    public async Task ScopedKey_DoesWhatItNamesAndNoMore()
    {
        var header = await TwigSample.KeyAsync("agents:read");
        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, header)).Status, Is.EqualTo(200));
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync("/api/data", header), 403, "insufficient_scope", "API key lacks required scope: data:read");
    }

    [Test]
    public async Task Revoke_OfAKey_EndsItAtOnce()
    {
        var (id, key) = await TwigSample.MakeKeyAsync("agents:read");
        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(key))).Status, Is.EqualTo(200));

        Assert.That(
            (await TwigSample.Running.SendAsync("DELETE", $"{TwigSample.Keys}/{id}", null, TwigSample.Admin)).Status, Is.EqualTo(204));

        TwigSample.AssertError(
            await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(key)),
            401,
            "invalid_api_key",
            "The API key provided is invalid");
    }
}
