using System.Security.Cryptography;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores.Faults;

/// <summary>Tests an app that is killed repeatedly during writes: changes are atomic, and acknowledged changes are stored.</summary>
[Category("Long"), Parallelizable(ParallelScope.All)]
internal sealed class KilledProcessTests
{
    private const int Kills = 5;
    private const int Writers = 4;

    [Test]
    public async Task Sqlite_AppKilledDuringWrites_EveryKeyIsConsistent()
    {
        using var file = new SqliteFile();
        var written = await WriteAndKillAsync("sqlite", file.ConnectionString);
        await AssertWholeAsync(keys => keys.AddSqlite(file.ConnectionString), written);

        await using var connection = new SqliteConnection(file.ConnectionString);
        await connection.OpenAsync();
        await using var integrity = new SqliteCommand("PRAGMA integrity_check", connection);
        Assert.That(await integrity.ExecuteScalarAsync(), Is.EqualTo("ok"));
        await using var orphans = new SqliteCommand("SELECT COUNT(*) FROM pragma_foreign_key_check", connection);
        Assert.That(await orphans.ExecuteScalarAsync(), Is.Zero);
    }

    [Test]
    public async Task PostgreSql_AppKilledDuringWrites_EveryKeyIsConsistent()
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        var written = await WriteAndKillAsync("postgresql", connectionString);
        await AssertWholeAsync(keys => keys.AddPostgreSql(connectionString), written);
    }

    private static async Task<List<KeyWriting>> WriteAndKillAsync(string provider, string connectionString)
    {
        var all = new List<KeyWriting>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var app = KilledApp.Start(provider, connectionString);
            var writing = new KeyWriting((await app.WaitForAsync("Now listening on: ")).Trim(), KilledApp.Admin);
            var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(writing.RunAsync)).ToList();

            // Killed at a random point of a write.
            var (most, moment) = (RandomNumberGenerator.GetInt32(5, 60), RandomNumberGenerator.GetInt32(0, 2000));
            while (writing.Answered.Count < most && writers.TrueForAll(writer => !writer.IsCompleted))
            {
                await Task.Delay(1);
            }

            SpinWait.SpinUntil(() => --moment < 0);
            await app.KillAsync();
            await Task.WhenAll(writers);
            Assert.That(writing.Answered, Is.Not.Empty, app.Output);
            all.Add(writing);
        }

        return all;
    }

    private static async Task AssertWholeAsync(Action<ApiKeyAuthBuilder> addStore, List<KeyWriting> written)
    {
        await using var host = new StoreHost(addStore);
        var keys = (await host.Store.ListAsync(new() { Limit = 100_000, AllTenants = true }, default)).ToDictionary(key => key.Id);
        var audit = (await host.Store.ListAuditAsync(new() { Limit = 100_000, AllTenants = true }, default))
            .Reverse().ToLookup(entry => entry.KeyId, entry => entry.Action);
        var acknowledged = written.SelectMany(writing => writing.Answered).ToLookup(answer => answer.Id, answer => answer.Action);
        TestContext.Out.WriteLine(
            $"{acknowledged.Sum(key => key.Count())} changes were acknowledged, {audit.Sum(key => key.Count())} are in the audit, "
            + $"{keys.Count} keys exist.");

        Assert.That(
            written.Sum(writing => writing.Busy),
            Is.LessThanOrEqualTo(acknowledged.Sum(key => key.Count()) / 20),
            "most changes must succeed");
        Assert.That(keys.Keys, Is.SubsetOf(audit.Select(key => key.Key)), "a key without its audit");
        foreach (var entries in audit)
        {
            Assert.That(acknowledged[entries.Key], Is.SubsetOf(entries), "an acknowledged change is lost");
            AssertMatches(entries.Key, [.. entries], keys.GetValueOrDefault(entries.Key));
        }

        Assert.That(acknowledged.Select(key => key.Key), Is.SubsetOf(audit.Select(key => key.Key)), "an acknowledged key is lost");
        await AssertUsageIsKeptAsync(host.Store, keys.Values);
        await AssertSecretsAreFoundAsync(host, keys, written.SelectMany(writing => writing.Secrets));
    }

    /// <summary>Checks that the key has the state that results from its audit entries.</summary>
    private static void AssertMatches(string id, string[] entries, ApiKey? key)
    {
        Assert.That(entries, Is.Unique.And.SubsetOf(new[] { "create", "update", "rotate", "revoke", "delete" }), id);
        Assert.That(key is null, Is.EqualTo(entries.Contains("delete")), $"{id}: {string.Join(' ', entries)}");
        if (key is not null)
        {
            Assert.That(key.Version, Is.EqualTo(entries.Length), "each change is one version and one entry");
            Assert.That(key.Name, Is.EqualTo(entries.Contains("update") ? "changed" : "made"));
            Assert.That(key.Secrets, Has.Count.EqualTo(entries.Contains("rotate") ? 2 : 1));
            Assert.That(key.Secrets.Select(secret => secret.ExpiresAt is null), Is.EqualTo(new[] { true, false }.Take(key.Secrets.Count)));
            Assert.That(key.RevokedAt is not null, Is.EqualTo(entries.Contains("revoke")));
        }
    }

    /// <summary>Checks that usage can only be added to keys that have a usage row.</summary>
    private static async Task AssertUsageIsKeptAsync(IWritableApiKeyStore store, IReadOnlyCollection<ApiKey> keys)
    {
        var uses = keys.Select(key => new ApiKeyUsageRecord
        {
            KeyId = key.Id,
            Hash = key.Secrets[0].Hash,
            Count = 1,
            LastUsedAt = key.CreatedAt,
            Hour = new DateTimeOffset(key.CreatedAt.Date, TimeSpan.Zero),
            Outcome = ApiKeyUsageOutcomes.Success,
        });
        await ((IApiKeyUsageStore)store).AddUsageAsync(
            new ApiKeyUsageBatch { Id = Guid.NewGuid(), CreatedAt = keys.First().CreatedAt, Records = [.. uses] }, default);
        var used = await store.ListAsync(new() { Limit = 100_000, AllTenants = true }, default);
        Assert.That(used.Select(key => key.UsageCount), Is.All.EqualTo(1));
    }

    private static async Task AssertSecretsAreFoundAsync(
        StoreHost host, Dictionary<string, ApiKey> keys, IEnumerable<(string Id, string Secret)> secrets)
    {
        var hasher = host.Services.GetRequiredService<ApiKeyHasher>();
        foreach (var (id, secret) in secrets)
        {
            var found = await host.Store.FindAsync([hasher.Hash(secret)], default);
            Assert.That(found?.Id, Is.EqualTo(keys.ContainsKey(id) ? id : null));
        }
    }
}
