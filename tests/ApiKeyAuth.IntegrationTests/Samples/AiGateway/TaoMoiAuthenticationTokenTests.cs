namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>The page's heading "Tạo mới Authentication Token": making a token needs a name, and binds it to one gateway.</summary>
internal sealed class TaoMoiAuthenticationTokenTests
{
    [TestCase("token-user01")]
    [TestCase("token-user02")]
    public async Task Create_WithAName_GivesATokenThatPasses(string name)
    {
        var made = await AiGatewaySample.Running.SendAsync(
            "POST", AiGatewaySample.Tokens, $$"""{"name":"{{name}}"}""", AiGatewaySample.Admin);

        Assert.That((made.Status, made.Header("Cache-Control")), Is.EqualTo((201, "no-store")));
        Assert.That(SampleAnswer.Members(made.Json), Is.SupersetOf(new[] { "id", "name", "token", "createdAt", "status" }));
        Assert.That((made.Json.GetProperty("name").GetString(), made.Json.GetProperty("status").GetString()), Is.EqualTo((name, "ACTIVE")));
        Assert.That(
            (await AiGatewaySample.AskAsync(AiGatewaySample.Bearer(made.Json.GetProperty("token").GetString()!))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Token_OfAGateway_PassesThatGatewayOnly()
    {
        var (_, header) = await AiGatewaySample.MakeTokenAsync(tokens: AiGatewaySample.OtherTokens);

        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(header));
        Assert.That(
            (await AiGatewaySample.AskAsync(header, "Host: user-123456-other-gateway.ai-gateway.vngcloud.vn")).Status, Is.EqualTo(200));
        Assert.That(
            (await AiGatewaySample.AskAsync(header, "Host: USER-123456-Other-Gateway.AI-gateway.vngcloud.vn:443")).Status, Is.EqualTo(200));
    }

    [TestCase("{}", "name is required")]
    [TestCase("""{"name":""}""", "name is required")]
    [TestCase("""{"name":5}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":"n","scopes":["tokens"]}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":"n","name":"m"}""", SampleAnswer.Malformed)]
    [TestCase("[]", SampleAnswer.Malformed)]
    [TestCase("""{"name":"n","expiresAt":"tomorrow"}""", "expiresAt must be a day such as 2027-12-31 or a time with an offset")]
    [TestCase("""{"name":"n","expiresAt":"2020-01-01"}""", "expiresAt must be in the future")]
    public async Task Create_WithABadBody_NamesWhatIsWrong(string body, string text) =>
        AiGatewaySample.AssertText(
            await AiGatewaySample.Running.SendAsync("POST", AiGatewaySample.Tokens, body, AiGatewaySample.Admin), 400, text);

    [TestCase("/api/gateways/user-654321-demo-gateway/tokens")]
    [TestCase("/api/gateways/none/tokens")]
    public async Task Create_ForTheGatewayOfAnotherUser_ReadsLikeNone(string path) =>
        AiGatewaySample.AssertText(
            await AiGatewaySample.Running.SendAsync("POST", path, """{"name":"n"}""", AiGatewaySample.Admin), 404, "Gateway not found");

    [Test]
    public async Task Tokens_WithoutTheAdminKey_AreClosed()
    {
        AiGatewaySample.AssertInvalid(await AiGatewaySample.Running.SendAsync("POST", AiGatewaySample.Tokens, """{"name":"n"}"""));
        var refused = await AiGatewaySample.Running.SendAsync("POST", AiGatewaySample.Tokens, """{"name":"n"}""", AiGatewaySample.Token);
        AiGatewaySample.AssertText(refused, 403, "API key lacks required scope: tokens");
    }
}
