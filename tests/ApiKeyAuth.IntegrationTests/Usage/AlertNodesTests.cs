using System.Security.Cryptography;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Usage;

/// <summary>
/// Nodes in separate processes that send alerts, and a receiver that verifies them with the library of Standard Webhooks.
/// </summary>
[Category("Long")]
internal sealed class AlertNodesTests
{
    private const string Receiver = """
        import { createServer } from 'node:http';
        import { Webhook } from 'standardwebhooks';
        const [port, secret] = process.argv.slice(2);
        const webhook = new Webhook(secret);
        createServer((request, response) => {
          let body = '';
          request.on('data', chunk => body += chunk).on('end', () => {
            try {
              const event = webhook.verify(body, request.headers);
              console.log(`verified ${request.headers['webhook-id']} ${event.type} ${event.data.keyId}`);
              response.writeHead(204).end();
            } catch (error) {
              console.log(`refused ${error.message}`);
              response.writeHead(400).end();
            }
          });
        }).listen(Number(port), '127.0.0.1', function () { console.log(`listening ${this.address().port}`); });
        """;

    private readonly string _secret = NewSecret();
    private NpmFolder _npm = null!;
    private string _receiver = null!;
    private StoreHost _host = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        _npm = await NpmFolder.InstalledAsync();
        _receiver = await _npm.WriteAsync(".mjs", Receiver);
    }

    [SetUp]
    public async Task CreateAsync()
    {
        _database = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        _host = new StoreHost(builder => builder.AddPostgreSql(_database));
        await _host.Services.MigrateApiKeysAsync();
    }

    [TearDown]
    public async Task DeleteAsync() => await _host.DisposeAsync();

    [Test]
    public async Task TwoNodes_OneEpisode_TellOnceAndAreVerifiedByTheOldSecretToo()
    {
        var (keyId, key) = await IssueAsync();
        await using var receiver = StartReceiver(0);
        var url = $"http://127.0.0.1:{(await receiver.WaitForAsync("listening ")).Trim()}/";

        // In the middle of a rotation: the receiver knows only the old secret.
        await using var first = AlertingApp.Start(_database, url, NewSecret(), _secret);
        await using var second = AlertingApp.Start(_database, url, NewSecret(), _secret);
        foreach (var node in new[] { first, second })
        {
            await CallAsync(node, key, 5);
        }

        var verified = await receiver.WaitForAsync("verified ");
        foreach (var node in new[] { first, second })
        {
            await CallAsync(node, key, 20);
        }

        // Each node evaluates alerts again when it stops.
        Assert.That(await first.EndAsync("TERM"), Is.Zero, first.Output);
        Assert.That(await second.EndAsync("TERM"), Is.Zero, second.Output);
        Assert.That(verified, Does.EndWith($" api_key.high_usage.firing {keyId}"));
        Assert.That(receiver.Output.Split('\n')[1..], Is.EqualTo(new[] { "verified " + verified }));
    }

    [Test]
    public async Task Outbox_NodeKilledBeforeTheReceiverAnswers_IsDeliveredByTheNextNode()
    {
        var (_, key) = await IssueAsync();
        var port = FreePort.Find();
        string put;
        await using (var node = AlertingApp.Start(_database, $"http://127.0.0.1:{port}/", _secret))
        {
            await CallAsync(node, key, 10);
            put = await node.WaitForAsync("could not be delivered to webhook:ops:");
            Assert.That(put, Does.Contain("SocketException"), "the port is closed");
            Assert.That(await node.EndAsync("KILL"), Is.Not.Zero);
            put = node.Output;
        }

        await using var receiver = StartReceiver(port);
        await receiver.WaitForAsync("listening ");
        await using var next = AlertingApp.Start(_database, $"http://127.0.0.1:{port}/", _secret);
        var verified = await receiver.WaitForAsync("verified ");
        Assert.That(put, Does.Contain($"Alert {verified.Split(' ')[0]} could not be delivered"), "under the same id");
    }

    [Test]
    public async Task Receiver_WithAnotherSecret_RejectsAndIsRetried()
    {
        var (_, key) = await IssueAsync();
        await using var receiver = StartReceiver(0);
        var url = $"http://127.0.0.1:{(await receiver.WaitForAsync("listening ")).Trim()}/";
        await using var node = AlertingApp.Start(_database, url, NewSecret());
        await CallAsync(node, key, 10);
        Assert.That(await receiver.WaitForAsync("refused "), Is.EqualTo("No matching signature found"));
        Assert.That(await node.WaitForAsync("could not be delivered to webhook:ops:"), Does.Contain("(400, attempt 1)"));
    }

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static async Task CallAsync(RunningProcess node, string key, int count)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri((await node.WaitForAsync("Now listening on: ")).Trim()),
        };
        for (var index = 0; index < count; index++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-API-Key", key } } };
            using var answer = await client.SendAsync(request);
            Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        }
    }

    private RunningProcess StartReceiver(int port) =>
        new("node", [_receiver, $"{port}", _secret], _npm.Location);

    private async Task<(string KeyId, string Text)> IssueAsync()
    {
        var text = _host.Services.GetRequiredService<ApiKeyFormats>().Issuing.Generate("live");
        var key = new ApiKey
        {
            Id = "key_alerting",
            Environment = "live",
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Secrets = [new() { Hash = _host.Services.GetRequiredService<ApiKeyHasher>().Hash(text) }],
        };
        await _host.Store.AddAsync(
            key,
            [],
            new() { Id = Guid.CreateVersion7(), At = default, Action = "create", KeyId = key.Id, Actor = "system", Changes = "{}" },
            default);
        return (key.Id, text);
    }
}
