using System.Collections.Concurrent;
using System.Security.Cryptography;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Usage;

/// <summary>Nodes in separate processes that count in one PostgreSQL database, and how they end.</summary>
[Category("Long")]
internal sealed class UsageNodesTests
{
    private const int Requests = 100_000;
    private StoreHost _host = null!;
    private string _connectionString = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        _host = new StoreHost(builder => builder.AddPostgreSql(_connectionString));
        await _host.Services.MigrateApiKeysAsync();
    }

    [TearDown]
    public async Task DeleteAsync() => await _host.DisposeAsync();

    [Test]
    public async Task TwoNodes_OneEndedBySigtermUnderLoad_CountEveryAnswer()
    {
        var secrets = await IssueAsync(4);
        await using var first = Start();
        await using var second = Start();
        using var one = await ConnectAsync(first);
        using var two = await ConnectAsync(second);
        var (asked, answered, isEnding) = (0, new ConcurrentDictionary<string, long>(), false);
        var ending = new TaskCompletionSource();

        var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (int index; (index = Interlocked.Increment(ref asked)) <= Requests;)
            {
                var secret = secrets[index % secrets.Count];
                var goesToSecond = !Volatile.Read(ref isEnding) && caller % 2 == 0;
                try
                {
                    Assert.That(await CallAsync(goesToSecond ? two : one, secret.Text), Is.EqualTo(200));
                    answered.AddOrUpdate(secret.KeyId, 1, (_, count) => count + 1);
                }
                catch (HttpRequestException) when (goesToSecond)
                {
                    // The node has ended; a request that it did not receive does not count.
                    Volatile.Write(ref isEnding, true);
                }

                if (index == Requests / 2)
                {
                    ending.SetResult();
                }
            }
        })).ToList();
        await ending.Task;
        Assert.That(await second.EndAsync("TERM"), Is.Zero, second.Output);
        await Task.WhenAll(callers);
        Assert.That(await first.EndAsync("TERM"), Is.Zero, first.Output);

        foreach (var (keyId, count) in answered)
        {
            var (key, history) = await ReadAsync(keyId);
            Assert.That((key.UsageCount, history.Periods.Sum(period => period.Count)), Is.EqualTo((count, count)));
        }

        Assert.That((answered.Count, isEnding), Is.EqualTo((secrets.Count, true)), "the node ended while it was called");
        Assert.That(answered.Values.Sum(), Is.GreaterThan(Requests * 9 / 10));
    }

    [Test]
    public async Task Node_EndedBySigkill_LosesNoMoreThanItCountedSinceTheLastFlush()
    {
        var (keyId, secret) = (await IssueAsync(1))[0];
        await using var node = Start();
        using var client = await ConnectAsync(node);
        for (var index = 0; index < 500; index++)
        {
            await CallAsync(client, secret);
        }

        while ((await ReadAsync(keyId)).Key.UsageCount < 500)
        {
            await Task.Delay(50);
        }

        for (var index = 0; index < 200; index++)
        {
            await CallAsync(client, secret);
        }

        Assert.That(await node.EndAsync("KILL"), Is.Not.Zero);
        var (key, history) = await ReadAsync(keyId);
        Assert.That(key.UsageCount, Is.InRange(500, 700));
        Assert.That(history.Periods.Sum(period => period.Count), Is.EqualTo(key.UsageCount), "wholly or not at all");
    }

    private static async Task<int> CallAsync(HttpClient client, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-API-Key", secret } } };
        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task<HttpClient> ConnectAsync(RunningProcess node) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri((await node.WaitForAsync("Now listening on: ")).Trim()) };

    private RunningProcess Start() =>
        new("dotnet", [typeof(CountedApp).Assembly.Location, "counted", _connectionString], Path.GetTempPath());

    private async Task<List<(string KeyId, string Text)>> IssueAsync(int count)
    {
        var secrets = new List<(string, string)>();
        for (var index = 0; index < count; index++)
        {
            var text = _host.Services.GetRequiredService<ApiKeyFormats>().Issuing.Generate("live");
            var hash = _host.Services.GetRequiredService<ApiKeyHasher>().Hash(text);
            var key = new ApiKey
            {
                Id = $"key_{RandomNumberGenerator.GetHexString(8)}",
                Environment = "live",
                Secrets = [new() { Hash = hash }],
            };
            await _host.Store.AddAsync(
                key,
                [],
                new() { Id = Guid.CreateVersion7(), At = default, Action = "create", KeyId = key.Id, Actor = "system", Changes = "{}" },
                default);
            secrets.Add((key.Id, text));
        }

        return secrets;
    }

    private async Task<(ApiKey Key, ApiKeyUsageHistory History)> ReadAsync(string keyId) =>
        ((await _host.Store.GetAsync(keyId, default))!,
            await ((IApiKeyUsageStore)_host.Store).GetUsageAsync(
                new() { KeyId = keyId, From = DateTimeOffset.UnixEpoch, To = DateTimeOffset.MaxValue }, default));
}
