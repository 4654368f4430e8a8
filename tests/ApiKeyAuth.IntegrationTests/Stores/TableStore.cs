using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Data.Sqlite;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>An app's own two tables, read as they are.</summary>
internal sealed class TableStore(string connectionString) : IApiKeyStore
{
    private const string Query = """
        SELECT k.id, k.scopes, k.enabled, k.revoked_at, k.expires_at, s.hash
        FROM secrets found JOIN keys k ON k.id = found.key_id JOIN secrets s ON s.key_id = k.id
        WHERE found.hash = $hash
        """;

    public async ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var hash in hashes)
        {
            await using var command = new SqliteCommand(Query, connection);
            command.Parameters.AddWithValue("$hash", hash.Format());
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            ApiKey? key = null;
            while (await reader.ReadAsync(cancellationToken))
            {
                key ??= Read(reader);
                key = key with { Secrets = [.. key.Secrets, new() { Hash = ApiKeyHash.TryParse(reader.GetString(5), out var held) ? held : hash }] };
            }

            if (key is not null)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Stands for the app's own code, which makes the keys.</summary>
    public async Task FillAsync(IReadOnlyList<ApiKey> keys)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "CREATE TABLE keys (id TEXT PRIMARY KEY, scopes TEXT, enabled INTEGER, revoked_at TEXT, expires_at TEXT)");
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
    }

    private static ApiKey Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Scopes = ScopeSet.Create(row.GetString(1).Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        Enabled = row.GetBoolean(2),
        RevokedAt = row.IsDBNull(3) ? null : DateTimeOffset.Parse(row.GetString(3), null),
        ExpiresAt = row.IsDBNull(4) ? null : ApiKeyExpiry.Parse(row.GetString(4), null),
    };

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
