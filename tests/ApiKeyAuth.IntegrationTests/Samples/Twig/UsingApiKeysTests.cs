using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>
/// The page's heads "API Keys (Recommended)", "Using API Keys" and "Storage": each block as it stands, but for host and key.
/// </summary>
internal sealed class UsingApiKeysTests
{
    private const string Recommended = """
        curl -X GET https://api.twig.so/api/agents \
          -H "Authorization: Bearer sk_live_abc123..."
        """;

    private const string Curl = """
        curl -X POST https://api.twig.so/api/chat \
          -H "Authorization: Bearer sk_live_abc123..." \
          -H "Content-Type: application/json" \
          -d '{"prompt": "Hello", "agentId": "agent-123"}'
        """;

    private const string JavaScript = """
        const response = await fetch('https://api.twig.so/api/chat', {
          method: 'POST',
          headers: {
            'Authorization': 'Bearer sk_live_abc123...',
            'Content-Type': 'application/json'
          },
          body: JSON.stringify({
            prompt: 'Hello',
            agentId: 'agent-123'
          })
        });

        """;

    private const string Python = """
        import requests

        headers = {
            'Authorization': 'Bearer sk_live_abc123...',
            'Content-Type': 'application/json'
        }

        response = requests.post(
            'https://api.twig.so/api/chat',
            headers=headers,
            json={'prompt': 'Hello', 'agentId': 'agent-123'}
        )

        """;

    private const string TypeScript = """
        // config.ts
        export const config = {
          twigApiKey: process.env.TWIG_API_KEY
        };

        """;

    [Test]
    public async Task Recommended_Curl_ListsAgents() =>
        Assert.That(
            (await TwigSample.CurlAsync(Recommended, await ChatKeyAsync()))
                .GetProperty("agents")
                .EnumerateArray()
                .Select(agent => agent.GetProperty("id").GetString()),
            Has.Member("agent-123"));

    [Test]
    public async Task Examples_Curl_IsAnswered() => AssertAnswered((await TwigSample.CurlAsync(Curl, await ChatKeyAsync())).ToString());

    [Test]
    public async Task Examples_JavaScript_IsAnswered() =>
        AssertAnswered(
            await PageCode.NodeAsync(TwigSample.Filled(JavaScript, await ChatKeyAsync()) + "console.log(await response.text());\n"));

    [Test]
    public async Task Examples_Python_IsAnswered() =>
        AssertAnswered(await PageCode.PythonAsync(TwigSample.Filled(Python, await ChatKeyAsync()) + "print(response.text)\n"));

    [Test]
    public async Task EnvironmentVariables_Line_IsReadByTheConfiguration()
    {
        // The page's line of the .env file, read by a shell, and the page's module that takes it from there.
        var key = await ChatKeyAsync();
        var line = "TWIG_API_KEY=sk_live_abc123...".Replace("sk_live_abc123...", key, StringComparison.Ordinal).Split('=');
        var code = TypeScript + $$"""
            const answer = await fetch('{{TwigSample.Running.Address}}/api/chat', {
              method: 'POST',
              headers: { 'Authorization': `Bearer ${config.twigApiKey}`, 'Content-Type': 'application/json' },
              body: JSON.stringify({ prompt: 'Hello', agentId: 'agent-123' })
            });
            console.log(await answer.text());
            """;
        AssertAnswered(await PageCode.TypeScriptAsync(code, new Dictionary<string, string?> { [line[0]] = line[1] }));
    }

    [Test]
    public async Task RequestHeader_OfAKey_IsTheOnlyOneRead() =>
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync(TwigSample.Agents, "X-API-Key: " + await ChatKeyAsync()),
            401,
            "missing_api_key",
            "No API key was provided");

    private static async Task<string> ChatKeyAsync() => (await TwigSample.MakeKeyAsync("chat", "agents:read")).Key;

    private static void AssertAnswered(string output) =>
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("response").GetString(), Is.EqualTo("Support heard: Hello"));
}
