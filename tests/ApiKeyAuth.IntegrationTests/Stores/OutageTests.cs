using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Tests a database that stops and restarts: reads and writes throw, and changes are atomic.</summary>
internal sealed class OutageTests
{
    [Test]
    public async Task Server_Restarted_ChangesAreAtomic()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        var connectionString = await server.CreateDatabaseAsync();
        await using var host = new StoreHost(builder => builder.AddPostgreSql(connectionString));
        await host.Services.MigrateApiKeysAsync();
        var (store, key) = (host.Store, Key("before"));
        await store.AddAsync(key, [], Audit(key), default);

        await server.StopAsync();
        var token = CancellationToken.None;
        Func<Task>[] calls =
        [
            async () => await store.FindAsync([key.Secrets[0].Hash], token),
            async () => await store.GetAsync(key.Id, token),
            async () => await store.ListAsync(new(), token),
            async () => await store.CountAsync(new(), token),
            async () => await store.AddAsync(Key("during"), [], Audit(key), token),
            async () => await store.TryUpdateAsync(key with { Version = 1, Name = "lost" }, Audit(key), token),
            async () => await store.TryDeleteAsync(key with { Version = 1 }, Audit(key), token),
            async () => await ((IApiKeyUsageStore)store).AddUsageAsync(Batch(key), token),
            async () => await ((IApiKeyUsageStore)store).RollUpUsageAsync(
                new() { RollUpHoursBefore = default, DeleteDaysBefore = default, DeleteBatchesBefore = default }, token),
        ];
        foreach (var call in calls)
        {
            Assert.That(call, Throws.Exception);
        }

        await server.RunAsync();
        var read = await GetWhenBackAsync(store, key.Id);
        Assert.That((read?.Name, read?.Version, read?.UsageCount), Is.EqualTo(("before", 1L, 0L)));
        Assert.That(await store.CountAsync(new(), default), Is.EqualTo(1));
        Assert.That(await store.ListAuditAsync(new(), default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Server_StoppedDuringWrites_EveryAcknowledgedChangeIsStored()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        var connectionString = await server.CreateDatabaseAsync();
        await using var host = new StoreHost(builder => builder.AddPostgreSql(connectionString));
        await host.Services.MigrateApiKeysAsync();
        var store = host.Store;
        var answered = new System.Collections.Concurrent.ConcurrentBag<string>();
        var begun = new SemaphoreSlim(0);
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            try
            {
                for (var index = 0; ; index++)
                {
                    var key = Key($"{writer}-{index}");
                    await store.AddAsync(key, [], Audit(key), default);
                    answered.Add(key.Id);
                    begun.Release();
                }
            }
            catch (Exception exception) when (exception is not AssertionException)
            {
                // The server is stopped.
            }
        })).ToList();
        for (var count = 0; count < 50; count++)
        {
            await begun.WaitAsync();
        }

        await server.StopAsync();
        await Task.WhenAll(writers);
        await server.RunAsync();
        await GetWhenBackAsync(store, "none");

        var keys = await store.ListAsync(new() { Limit = 100_000 }, default);
        var audit = await store.ListAuditAsync(new() { Limit = 100_000 }, default);
        Assert.That(answered, Is.SubsetOf(keys.Select(key => key.Id)));
        Assert.That(keys.Select(key => key.Secrets.Count), Is.All.EqualTo(1));
        Assert.That(audit.Select(entry => entry.KeyId), Is.EquivalentTo(keys.Select(key => key.Id)));
    }

    // After the restart, each pooled connection to the old server throws once. The pool has at most 100 connections.
    private static async Task<ApiKey?> GetWhenBackAsync(IWritableApiKeyStore store, string id)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await store.GetAsync(id, default);
            }
            catch (Exception) when (attempt < 200)
            {
                TestContext.Out.WriteLine($"Attempt {attempt} met a connection to the server that was.");
            }
        }
    }

    private static ApiKey Key(string name) => new()
    {
        Id = $"key_{name}",
        Name = name,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Secrets = [new() { Hash = new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(ApiKeyHash.Length)) }],
    };

    private static ApiKeyUsageBatch Batch(ApiKey key) => new()
    {
        Id = Guid.CreateVersion7(),
        CreatedAt = default,
        Records =
        [
            new()
            {
                KeyId = key.Id,
                Hash = key.Secrets[0].Hash,
                Count = 1,
                LastUsedAt = default,
                Hour = default,
                Outcome = ApiKeyUsageOutcomes.Success,
            },
        ],
    };

    private static ApiKeyAuditEntry Audit(ApiKey key) =>
        new() { Id = Guid.CreateVersion7(), At = default, Action = "create", KeyId = key.Id, Actor = "system", Changes = "{}" };
}
