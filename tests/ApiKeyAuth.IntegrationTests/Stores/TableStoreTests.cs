using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Data.Sqlite;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>A hand-written store of 30 lines is sufficient for verification.</summary>
internal sealed class TableStoreTests : ApiKeyLookupConformance
{
    private const int MaxLines = 30;
    private SqliteFile _file = null!;

    [SetUp]
    public void Create() => _file = new SqliteFile();

    [TearDown]
    public void Delete() => _file.Dispose();

    [Test]
    public async Task TableStore_Source_HasAtMost30Lines()
    {
        var lines = await File.ReadAllLinesAsync(Repository.PathOf("tests", "ApiKeyAuth.IntegrationTests", "Stores", "TableStore.cs"));
        var body = lines.SkipWhile(line => !line.StartsWith("internal sealed class", StringComparison.Ordinal))
            .Where(line => line.Length > 0);
        Assert.That(body.Count(), Is.AtMost(MaxLines));
    }

    // Represents the app's own code that creates keys.
    protected override async ValueTask<IApiKeyStore> CreateStoreAsync(IReadOnlyList<ApiKey> keys)
    {
        await using var connection = new SqliteConnection(_file.ConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync(
            connection, "CREATE TABLE keys (id TEXT PRIMARY KEY, scopes TEXT, enabled INTEGER, revoked_at TEXT, expires_at TEXT)");
        await ExecuteAsync(connection, "CREATE TABLE secrets (hash TEXT PRIMARY KEY, key_id TEXT REFERENCES keys (id))");
        foreach (var key in keys)
        {
            await ExecuteAsync(connection, "INSERT INTO keys VALUES ($0, $1, $2, $3, $4)",
                key.Id, key.Scopes.ToString(), key.Enabled, key.RevokedAt?.ToString("O"), key.ExpiresAt?.ToString());
            foreach (var secret in key.Secrets)
            {
                await ExecuteAsync(connection, "INSERT INTO secrets VALUES ($0, $1)", secret.Hash.Format(), key.Id);
            }
        }

        return new TableStore(_file.ConnectionString);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string text, params object?[] values)
    {
        await using var command = new SqliteCommand(text, connection);
        foreach (var (index, value) in values.Index())
        {
            command.Parameters.AddWithValue($"${index}", value ?? DBNull.Value);
        }

        await command.ExecuteNonQueryAsync();
    }
}
