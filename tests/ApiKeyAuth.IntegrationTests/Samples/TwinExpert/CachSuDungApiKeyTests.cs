namespace ApiKeyAuth.IntegrationTests.Samples.TwinExpert;

/// <summary>The page's heading "Cách sử dụng API Key": two headers, either of which carries the key.</summary>
internal sealed class CachSuDungApiKeyTests
{
    // The blocks of "Authorization Header" and "Hoặc sử dụng X-API-Key header".
    [TestCase("Authorization: Bearer YOUR_API_KEY")]
    [TestCase("X-API-Key: YOUR_API_KEY")]
    public async Task Header_AsTheBlockShows_LetsEveryRequestIn(string block)
    {
        var key = await TwinExpertSample.MakeKeyAsync("full_access");
        var header = block.Replace("YOUR_API_KEY", key, StringComparison.Ordinal);
        var conversation = await TwinExpertSample.StartConversationAsync(key);
        foreach (var path in new[] { TwinExpertSample.Twins, TwinExpertSample.Conversations, conversation, conversation + "/messages" })
        {
            Assert.That((await TwinExpertSample.Running.GetAsync(path, header)).Status, Is.EqualTo(200), path);
            (await TwinExpertSample.Running.GetAsync(path)).AssertProblem(401, "missing_api_key");
        }
    }

    [TestCase("Authorization: Bearer YOUR_API_KEY")]
    [TestCase("X-API-Key: YOUR_API_KEY")]
    public async Task Header_GivenToCurl_LetsIn(string block)
    {
        var header = block.Replace("YOUR_API_KEY", "$TWIN_API_KEY", StringComparison.Ordinal);
        var variables = new Dictionary<string, string?> { ["TWIN_API_KEY"] = await TwinExpertSample.MakeKeyAsync("read_only") };

        var output = await PageCode.ShellAsync(
            $"curl -si {TwinExpertSample.Running.Address}{TwinExpertSample.Twins} -H \"{header}\"", variables);

        Assert.That(output, Does.Contain("HTTP/1.1 200 OK").And.Contain("twin_an"));
    }
}
