using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>
/// The page's heading "Using API Keys": its blocks by their own programs; a line that prints the result is added where a block prints
/// nothing.
/// </summary>
internal sealed class UsingApiKeysTests
{
    private const string HttpHeader = """
        curl https://api.twyn.it/v1/simulations/123 \
          -H "X-API-Key: twyn_live_your_key_here"
        """;

    private const string Inline = """
        curl -H "X-API-Key: twyn_live_..." https://api.twyn.it/v1/simulations
        """;

    private const string FromAnEnvironmentVariable = """
        export TWYN_API_KEY="twyn_live_..."
        curl -H "X-API-Key: $TWYN_API_KEY" https://api.twyn.it/v1/simulations
        """;

    private const string Python = """
        import os
        import requests

        API_KEY = os.environ.get('TWYN_API_KEY')
        API_URL = 'https://api.twyn.it/v1'

        headers = {
            'X-API-Key': API_KEY,
            'Content-Type': 'application/json'
        }

        response = requests.get(f'{API_URL}/simulations', headers=headers)
        simulations = response.json()

        """;

    private const string JavaScript = """
        const TWYN_API_KEY = process.env.TWYN_API_KEY;
        const TWYN_API_URL = 'https://api.twyn.it/v1';

        const headers = {
          'X-API-Key': TWYN_API_KEY,
          'Content-Type': 'application/json'
        };

        const response = await fetch(`${TWYN_API_URL}/simulations`, { headers });
        const simulations = await response.json();

        """;

    private const string TypeScript = """
        interface TwynConfig {
          apiKey: string;
          baseUrl?: string;
        }

        class TwynClient {
          private apiKey: string;
          private baseUrl: string;

          constructor(config: TwynConfig) {
            this.apiKey = config.apiKey;
            this.baseUrl = config.baseUrl || 'https://api.twyn.it/v1';
          }

          private async request(endpoint: string, options: RequestInit = {}) {
            const response = await fetch(`${this.baseUrl}${endpoint}`, {
              ...options,
              headers: {
                'X-API-Key': this.apiKey,
                'Content-Type': 'application/json',
                ...options.headers,
              },
            });

            if (!response.ok) {
              throw new Error(`API error: ${response.statusText}`);
            }

            return response.json();
          }

          async getSimulation(id: string) {
            return this.request(`/simulations/${id}`);
          }
        }

        // Usage
        const client = new TwynClient({
          apiKey: process.env.TWYN_API_KEY!
        });

        const simulation = await client.getSimulation('sim_123');

        """;

    [Test]
    public async Task HttpHeader_Curl_GetsTheSimulation()
    {
        var simulation = await TwynSample.CurlAsync(HttpHeader, ("twyn_live_your_key_here", "$TWYN_API_KEY"));
        Assert.That(
            (simulation.GetProperty("id").GetString(), simulation.GetProperty("tenant_id").GetString()),
            Is.EqualTo(("123", "tenant_acme")));
    }

    [Test]
    public async Task Curl_Option1Inline_ListsSimulations() =>
        AssertLists(await TwynSample.CurlAsync(Inline, ("twyn_live_...", TwynSample.Running.Export("TWYN_API_KEY"))));

    [Test]
    public async Task Curl_Option2FromAnEnvironmentVariable_ListsSimulations() =>
        AssertLists(await TwynSample.CurlAsync(FromAnEnvironmentVariable, ("twyn_live_...", TwynSample.Running.Export("TWYN_API_KEY"))));

    [Test]
    public async Task Python_Block_ListsSimulations() =>
        AssertLists(Read(await PageCode.PythonAsync(TwynSample.Filled(Python) + "import json\nprint(json.dumps(simulations))\n", TwynSample.Running.Exported)));

    [Test]
    public async Task JavaScript_Block_ListsSimulations() =>
        AssertLists(Read(await PageCode.NodeAsync(TwynSample.Filled(JavaScript) + "console.log(JSON.stringify(simulations));\n", TwynSample.Running.Exported)));

    [Test]
    public async Task TypeScript_Block_GetsTheSimulation()
    {
        var simulation = Read(await PageCode.TypeScriptAsync(
            TwynSample.Filled(TypeScript) + "console.log(JSON.stringify(simulation));\n", TwynSample.Running.Exported));
        Assert.That(simulation.GetProperty("id").GetString(), Is.EqualTo("sim_123"));
    }

    [Test]
    public async Task TypeScript_BlockWithAWrongKey_ThrowsTheStatus()
    {
        var code = TwynSample.Filled(TypeScript).Replace("const simulation =", "const failure =", StringComparison.Ordinal)
            .Replace("getSimulation('sim_123')", "getSimulation('sim_123').catch(String)", StringComparison.Ordinal);
        var output = await PageCode.TypeScriptAsync(
            code + "console.log(failure);\n", new Dictionary<string, string?> { ["TWYN_API_KEY"] = "twyn_live_wrong" });
        Assert.That(output, Does.Contain("API error: Unauthorized"));
    }

    private static JsonElement Read(string output) => JsonDocument.Parse(output).RootElement;

    private static void AssertLists(JsonElement simulations) =>
        Assert.That(
            simulations.EnumerateArray().Select(simulation => simulation.GetProperty("id").GetString()),
            Is.SupersetOf(new[] { "123", "sim_123" }));
}
