using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Benchmarks.Stores;

/// <summary>Represents hand-written, prepared queries on the same tables and columns.</summary>
internal sealed partial class HandWrittenLookup(Func<DbConnection> connect)
{
    private const string Query = """
        SELECT k."Id", k."Name", k."Kind", k."Environment", k."TenantId", k."OwnerId", k."Scopes", k."RateLimits", k."Networks",
               k."Audiences", k."Metadata", k."Enabled", k."RevokedAt", k."ExpiresAt", k."ExpiresOnDate", k."CreatedAt",
               k."CreatedBy", k."Version", s."Digest", s."PepperId", s."Position", s."Hint", s."CreatedAt", s."ExpiresAt"
        FROM "ApiKeyAuthSecrets" f JOIN "ApiKeyAuthKeys" k ON k."Id" = f."KeyId" JOIN "ApiKeyAuthSecrets" s ON s."KeyId" = k."Id"
        WHERE f."Digest" = @digest AND f."PepperId" = @pepper
        """;

    private DbCommand? _openCommand;

    /// <summary>Finds a key with a connection from the pool.</summary>
    public async ValueTask<ApiKey?> FindAsync(ApiKeyHash hash, CancellationToken cancellationToken)
    {
        await using var connection = connect();
        await connection.OpenAsync(cancellationToken);
        await using var command = SampleKeys.Command(connection, Query);
        SampleKeys.Set(command, ("digest", hash.Digest.ToArray()), ("pepper", hash.PepperId ?? ""));
        await command.PrepareAsync(cancellationToken);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Finds a key with one open connection and statement, which an app with concurrent requests cannot use.</summary>
    public async ValueTask<ApiKey?> FindOnOpenConnectionAsync(ApiKeyHash hash, CancellationToken cancellationToken)
    {
        if (_openCommand is null)
        {
            var connection = connect();
            await connection.OpenAsync(cancellationToken);
            _openCommand = SampleKeys.Command(connection, Query);
            SampleKeys.Set(_openCommand, ("digest", hash.Digest.ToArray()), ("pepper", ""));
            await _openCommand.PrepareAsync(cancellationToken);
        }

        SampleKeys.Set(_openCommand, ("digest", hash.Digest.ToArray()), ("pepper", hash.PepperId ?? ""));
        return await ReadAsync(_openCommand, cancellationToken);
    }

    private static async ValueTask<ApiKey?> ReadAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        ApiKey? key = null;
        var secrets = new List<ApiKeySecret>(1);
        while (await reader.ReadAsync(cancellationToken))
        {
            key ??= ReadKey(reader, secrets);
            secrets.Add(new ApiKeySecret
            {
                Hash = new ApiKeyHash(reader.GetFieldValue<byte[]>(18), reader.GetString(19) is [_, ..] pepper ? pepper : null),
                Hint = reader.GetString(21),
                CreatedAt = new DateTimeOffset(reader.GetInt64(22), TimeSpan.Zero),
                ExpiresAt = reader.IsDBNull(23) ? null : new DateTimeOffset(reader.GetInt64(23), TimeSpan.Zero),
            });
        }

        return key;
    }

    private static ApiKey ReadKey(DbDataReader row, List<ApiKeySecret> secrets) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Kind = Text(row, 2),
        Environment = Text(row, 3),
        TenantId = Text(row, 4),
        OwnerId = Text(row, 5),
        Scopes = Text(row, 6) is { } scopes
            ? ScopeSet.Create(JsonSerializer.Deserialize(scopes, Json.Default.StringArray)!)
            : ScopeSet.Empty,
        Audiences = Text(row, 9) is { } audiences ? JsonSerializer.Deserialize(audiences, Json.Default.StringArray)! : [],
        Enabled = row.GetBoolean(11),
        RevokedAt = row.IsDBNull(12) ? null : new DateTimeOffset(row.GetInt64(12), TimeSpan.Zero),
        ExpiresAt = row.IsDBNull(13) ? null : new ApiKeyExpiry(new DateTimeOffset(row.GetInt64(13), TimeSpan.Zero)),
        CreatedAt = new DateTimeOffset(row.GetInt64(15), TimeSpan.Zero),
        CreatedBy = Text(row, 16),
        Version = row.GetInt64(17),
        Secrets = secrets,
    };

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    [JsonSerializable(typeof(string[]))]
    private sealed partial class Json : JsonSerializerContext;
}
