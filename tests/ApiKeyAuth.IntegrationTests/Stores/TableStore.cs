using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Data.Sqlite;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Represents an app's own store: two tables and one query.</summary>
internal sealed class TableStore(string connectionString) : IApiKeyStore
{
    public async ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT k.*, s.hash FROM keys k JOIN secrets s ON s.key_id = k.id WHERE k.id = "
            + "(SELECT m.key_id FROM json_each($hashes) lookup JOIN secrets m ON m.hash = lookup.value ORDER BY lookup.key LIMIT 1)";
        command.Parameters.AddWithValue("$hashes", JsonSerializer.Serialize(hashes.Select(hash => hash.Format())));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        ApiKey? key = null;
        while (await row.ReadAsync(cancellationToken))
        {
            key ??= new ApiKey
            {
                Id = row.GetString(0),
                Scopes = ScopeSet.Create(row.GetString(1).Split(' ', StringSplitOptions.RemoveEmptyEntries)),
                Enabled = row.GetBoolean(2),
                RevokedAt = row[3] is string revoked ? DateTimeOffset.Parse(revoked, null) : null,
                ExpiresAt = row[4] is string end ? ApiKeyExpiry.Parse(end, null) : null,
                Secrets = [],
            };
            var hash = ApiKeyHash.TryParse(row.GetString(5), out var stored) ? stored : hashes[0];
            key = key with { Secrets = [.. key.Secrets, new() { Hash = hash }] };
        }

        return key;
    }
}
