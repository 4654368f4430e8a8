using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples.AgentCrm;

/// <summary>The MCP server by the official client of npm.</summary>
[Order(1)]
internal sealed class McpNpmTests
{
    private const string Script = """
        import { Client } from '@modelcontextprotocol/sdk/client/index.js';
        import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
        async function connect(key) {
          const client = new Client({ name: 'test', version: '1.0.0' });
          const requestInit = { headers: { 'X-Agent-Token': key } };
          await client.connect(new StreamableHTTPClientTransport(new URL(process.env.MCP), { requestInit }));
          return client;
        }
        const all = await connect(process.env.ALL);
        console.log((await all.listTools()).tools.map(tool => tool.name).sort().join(' '));
        const made = await all.callTool({ name: 'crm_create_lead', arguments: { name: 'Hoa', phone: '0903' } });
        console.log(JSON.parse(made.content[0].text).name);
        const few = await connect(process.env.FEW);
        console.log((await few.listTools()).tools.map(tool => tool.name).sort().join(' '));
        await few.callTool({ name: 'crm_create_lead', arguments: { name: 'Hoa', phone: '0903' } })
          .then(answer => console.log('answered', answer.isError), () => console.log('rejected'));
        await connect('wrong').then(() => console.log('connected'), () => console.log('not connected'));
        """;

    [Test]
    public async Task Npm_Client_SeesWhatItsKeyMayCall()
    {
        var npm = await NpmFolder.InstalledAsync();
        var file = await npm.WriteAsync(".mjs", Script);

        var (exitCode, output) = await RunningProcess.RunAsync("node", [file], npm.Location, new Dictionary<string, string?>
        {
            ["MCP"] = AgentCrmSample.Running.Address + "/mcp",
            ["ALL"] = (await AgentCrmSample.MakeKeyAsync("*")).Key,
            ["FEW"] = (await AgentCrmSample.MakeKeyAsync("analytics:read", "bookings:read")).Key,
        });

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output.Trim().Split('\n'), Is.EqualTo(new[]
        {
            "crm_create_lead crm_get_analytics crm_get_bookings crm_log_call crm_search crm_send_message crm_update_lead",
            "Hoa",
            "crm_get_analytics crm_get_bookings",
            "rejected",
            "not connected",
        }));
    }
}
