using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>Every token that does not pass reads the same, and reaches no model.</summary>
internal sealed class BadInputTests
{
    [TestCase]
    [TestCase("Authorization: Bearer ")]
    [TestCase("Authorization: Bearer nonsense")]
    [TestCase("Authorization: Bearer aigw_live_0000000000000000000000000000000000000000000000000")]
    [TestCase("Authorization: Basic dXNlcjpwYXNz")]
    public async Task Token_MissingOrWrong_ReadsAsShown(params string[] headers) =>
        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(headers));

    [Test]
    public async Task Token_InAnotherHeader_CountsAsNone() =>
        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync("X-API-Key: " + AiGatewaySample.Running.Export("GATEWAY_TOKEN")));

    [Test]
    public async Task Token_Expired_ReadsAsShown() =>
        AiGatewaySample.AssertInvalid(
            await AiGatewaySample.AskAsync(AiGatewaySample.Bearer(await AiGatewaySample.Running.IssueExpiredAsync(AiGatewaySample.OfDemoGateway))));

    [Test]
    public async Task Token_OfAnotherGateway_ReadsAsShown() =>
        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(AiGatewaySample.OtherToken));

    [Test]
    public async Task Token_AtAHostThatIsNoGateway_ReadsAsShown() =>
        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(AiGatewaySample.Token, "Host: none.ai-gateway.vngcloud.vn"));

    [Test]
    public async Task Token_TwiceInOneLine_ReadsAsShown() =>
        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(AiGatewaySample.Token, AiGatewaySample.OtherToken));

    [Test]
    public async Task Token_Twice_IsRejected()
    {
        const string Twice = "-H \"Authorization: Bearer $GATEWAY_TOKEN\" -H \"Authorization: Bearer $GATEWAY_TOKEN\"";
        var line = $"curl -s {AiGatewaySample.Running.Address}{AiGatewaySample.Chat} -d {{}} {Twice}";
        Assert.That(
            await PageCode.ShellAsync(line, AiGatewaySample.Running.Exported),
            Is.EqualTo("The request carries more than one API key; send one, once"));
    }

    [Test]
    public async Task AdminKey_AtAModel_LacksTheScope() =>
        AiGatewaySample.AssertText(await AiGatewaySample.AskAsync(AiGatewaySample.Admin), 403, "API key lacks required scope: chat");

    [Test]
    public async Task Token_PastItsLimit_WaitsAndReachesNoModel()
    {
        var issued = await AiGatewaySample.Running.IssueAsync(
            AiGatewaySample.OfDemoGateway with { RateLimits = RateLimit.ParseList("1/hour") });
        Assert.That((await AiGatewaySample.AskAsync(AiGatewaySample.Bearer(issued.Secret))).Status, Is.EqualTo(200));

        var refused = await AiGatewaySample.AskAsync(AiGatewaySample.Bearer(issued.Secret));

        Assert.That(
            (refused.Status, refused.Header("X-Upstream-Authorization"), refused.Header("Content-Type")),
            Is.EqualTo((429, (string?)null, "text/plain; charset=utf-8")));
        Assert.That(refused.Header("Retry-After"), Is.Not.Null);
    }

    [Test]
    public async Task TokenId_OfAnotherUser_ReadsLikeNone()
    {
        var foreign = await AiGatewaySample.Running.IssueAsync(new NewApiKey
        {
            Name = "n",
            TenantId = "user-654321",
            OwnerId = "user-123456-demo-gateway",
            Audiences = ["user-654321-demo-gateway"],
            Scopes = ["chat"],
        });
        AiGatewaySample.AssertText(
            await AiGatewaySample.Running.SendAsync(
                "POST", AiGatewaySample.Tokens + "/delete", $$"""{"ids":["{{foreign.Key.Id}}"]}""", AiGatewaySample.Admin),
            404, "Token not found");
        Assert.That(
            (await AiGatewaySample.Running.ManageAsync(keys => keys.GetAsync(ApiKeyCaller.System, foreign.Key.Id))).Id,
            Is.EqualTo(foreign.Key.Id));
    }

    [TestCase("GET", AiGatewaySample.Chat, 405, "Method Not Allowed")]
    [TestCase("POST", "/unknown/any-model/chat/completions", 404, "Not Found")]
    public async Task Path_OrMethodUnknown_IsPlainTextToo(string method, string path, int status, string text) =>
        AiGatewaySample.AssertText(await AiGatewaySample.Running.SendAsync(method, path, null, AiGatewaySample.Token), status, text);
}
