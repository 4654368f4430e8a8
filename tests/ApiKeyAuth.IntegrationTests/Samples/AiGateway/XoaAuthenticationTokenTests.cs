namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>The page's heading "Xoá Authentication Token": several at once, and none passes afterwards.</summary>
internal sealed class XoaAuthenticationTokenTests
{
    [Test]
    public async Task Delete_OfSeveral_EndsThemAtOnce()
    {
        var (one, first) = await AiGatewaySample.MakeTokenAsync();
        var (two, second) = await AiGatewaySample.MakeTokenAsync();
        Assert.That((await AiGatewaySample.AskAsync(first)).Status, Is.EqualTo(200));

        var deleted = await DeleteAsync($$"""{"ids":["{{one}}","{{two}}"]}""");

        Assert.That((deleted.Status, deleted.Body), Is.EqualTo((200, $$"""{"deleted":["{{one}}","{{two}}"]}""")));
        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(first));
        AiGatewaySample.AssertInvalid(await AiGatewaySample.AskAsync(second));
        Assert.That(
            (await AiGatewaySample.Running.GetAsync(AiGatewaySample.Tokens, AiGatewaySample.Admin)).Body,
            Does.Not.Contain(one).And.Not.Contain(two));
    }

    [Test]
    public async Task Delete_WithOneOfAnotherGateway_DeletesNone()
    {
        var (here, header) = await AiGatewaySample.MakeTokenAsync();
        var (there, _) = await AiGatewaySample.MakeTokenAsync(tokens: AiGatewaySample.OtherTokens);

        AiGatewaySample.AssertText(await DeleteAsync($$"""{"ids":["{{here}}","{{there}}"]}"""), 404, "Token not found");
        AiGatewaySample.AssertText(await DeleteAsync($$"""{"ids":["{{here}}","none"]}"""), 404, "Token not found");

        Assert.That((await AiGatewaySample.AskAsync(header)).Status, Is.EqualTo(200));
    }

    [TestCase("{}")]
    [TestCase("""{"ids":[]}""")]
    [TestCase("""{"ids":null}""")]
    [TestCase("""{"ids":["key_1",null]}""")]
    public async Task Delete_OfNone_SaysWhatIsMissing(string body) =>
        AiGatewaySample.AssertText(await DeleteAsync(body), 400, "ids must be a list of 1 to 1000 IDs");

    private static Task<SampleAnswer> DeleteAsync(string body) =>
        AiGatewaySample.Running.SendAsync("POST", AiGatewaySample.Tokens + "/delete", body, AiGatewaySample.Admin);
}
