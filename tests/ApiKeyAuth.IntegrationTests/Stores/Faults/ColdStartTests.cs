using System.Net;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiKeyAuth.IntegrationTests.Stores.Faults;

/// <summary>Tests many different keys right after a start.</summary>
/// <remarks>Runs alone: all are served within the default store timeout by two processors that have nothing else to do.</remarks>
[NonParallelizable]
internal sealed class ColdStartTests
{
    private const int Keys = 10_000;

    [Test]
    [Category("Long")]
    public async Task Start_TenThousandKeysConcurrently_AllAreServed()
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        (string Id, string Secret)[] keys;
        await using (var first = await FaultyApp.StartAsync(builder => builder.AddPostgreSql(connectionString).MigrateOnStartup()))
        {
            keys = await ImportAsync(first.Services, connectionString);
        }

        await using var app = await FaultyApp.StartAsync(builder => builder.AddPostgreSql(connectionString), multiplexes: true);
        var (answers, longest) = await app.CallWithAllAsync(keys);
        TestContext.Out.WriteLine($"{Keys} different keys at once: the longest took {longest.TotalSeconds:F1} s.");
        Assert.That(
            answers,
            Is.EquivalentTo(new Dictionary<HttpStatusCode, int> { [HttpStatusCode.OK] = Keys }),
            string.Join('\n', app.Log.WarningMessages.Distinct()));
    }

    /// <summary>Writes all rows in one command, because issuing the keys one by one would take a minute.</summary>
    private static async Task<(string Id, string Secret)[]> ImportAsync(IServiceProvider services, string connectionString)
    {
        var (formats, hasher) = (services.GetRequiredService<ApiKeyFormats>(), services.GetRequiredService<ApiKeyHasher>());
        (string Id, string Secret)[] keys =
            [.. Enumerable.Range(0, Keys).Select(index => ($"key{index}", formats.Issuing.Generate("live")))];
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var rows = await connection.BeginBinaryImportAsync(
            """
            COPY "ApiKeyAuthKeys" ("Id", "Name", "Environment", "Scopes", "Enabled", "ExpiresOnDate", "CreatedAt", "Version")
            FROM STDIN (FORMAT BINARY)
            """))
        {
            foreach (var (id, _) in keys)
            {
                await rows.WriteRowAsync(default, id, "a key", "live", """["read"]""", true, false, 638_000_000_000_000_000L, 1L);
            }

            await rows.CompleteAsync();
        }

        await using (var rows = await connection.BeginBinaryImportAsync(
            """COPY "ApiKeyAuthSecrets" ("Digest", "PepperId", "KeyId", "Position", "Hint", "CreatedAt") FROM STDIN (FORMAT BINARY)"""))
        {
            foreach (var (id, secret) in keys)
            {
                await rows.WriteRowAsync(default, hasher.Hash(secret).Digest.ToArray(), "", id, 0, secret[^4..], 638_000_000_000_000_000L);
            }

            await rows.CompleteAsync();
        }

        return keys;
    }
}
