using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>
/// The section "Tích hợp Authentication Token để gọi API" of the page: its curl command, its error, and the request to the upstream.
/// </summary>
internal sealed class TichHopAuthenticationTokenTests
{
    private const string Curl = """
        curl -X POST https://user-123456-demo-gateway.ai-gateway.vngcloud.vn/deepseek/deepseek-chat/chat/completions \
                        --header 'Authorization: Bearer {YOUR_TOKEN}' \
                        --header 'Content-Type: application/json' \
                        --data '{"model": "deepseek-chat", "messages": [{"role": "user", "content": "What is AI?"}]}'
        """;

    private const string WrongToken = "aigw_live_0000000000000000000000000000000000000000000000000";

    [Test]
    public async Task Curl_WithAToken_IsAnsweredByTheModel()
    {
        var answer = JsonDocument.Parse(await PageCode.ShellAsync(Filled(AiGatewaySample.Running.Export("GATEWAY_TOKEN")))).RootElement;

        Assert.That(answer.GetProperty("model").GetString(), Is.EqualTo("deepseek-chat"));
        Assert.That(
            answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(),
            Is.EqualTo("You asked: What is AI?"));
    }

    [Test]
    public async Task Curl_WithAWrongToken_ReadsAsShown() =>
        Assert.That(await PageCode.ShellAsync(Filled(WrongToken)), Is.EqualTo("Invalid authentication token."));

    [TestCase("deepseek", "deepseek-reasoner")]
    [TestCase("openai", "gpt-4o")]
    public async Task Upstream_OfAProvider_GetsItsOwnKeyAndNotTheToken(string provider, string model)
    {
        var answer = await AiGatewaySample.Running.SendAsync(
            "POST", $"/{provider}/{model}/chat/completions", AiGatewaySample.Ask(model), AiGatewaySample.Token);
        Assert.That((answer.Status, answer.Header("X-Upstream-Authorization")), Is.EqualTo((200, $"Bearer {provider}-demo-key")));
    }

    [Test]
    public async Task Streaming_OfAnAnswer_ArrivesInParts()
    {
        using var client = new HttpClient { BaseAddress = new Uri(AiGatewaySample.Running.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Post, AiGatewaySample.Chat)
        {
            Content = new StringContent(
                """{"model":"deepseek-chat","stream":true,"messages":[{"role":"user","content":"one two three"}]}""",
                mediaType: new("application/json")),
        };
        request.Headers.Authorization = new("Bearer", AiGatewaySample.Running.Export("GATEWAY_TOKEN"));

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[4096];
        var read = await body.ReadAsync(first);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(
            System.Text.Encoding.UTF8.GetString(first, 0, read),
            Does.StartWith("data: {").And.Not.Contain("[DONE]"),
            "the first words come before the last");
        Assert.That(await new StreamReader(body).ReadToEndAsync(), Does.EndWith("data: [DONE]\n\n"));
    }

    private static string Filled(string token) => Curl
        .Replace("https://user-123456-demo-gateway.ai-gateway.vngcloud.vn", AiGatewaySample.Running.Address, StringComparison.Ordinal)
        .Replace("{YOUR_TOKEN}", token, StringComparison.Ordinal);
}
