using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using ApiKeyAuth.Keys;
using Npgsql;

namespace ApiKeyAuth.Benchmarks.Stores;

/// <summary>Writes keys in bulk. The hash of a key is computed from its number.</summary>
internal static class SampleKeys
{
    private const string Scopes = """["orders:*","leads:read"]""";

    public static ApiKeyHash Hash(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new ApiKeyHash(SHA256.HashData(bytes));
    }

    public static string Id(int number) => $"key_{number:x8}";

    /// <summary>Inserts keys in one transaction with a prepared statement per table.</summary>
    public static async Task InsertAsync(DbConnection connection, int count)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var keys = Command(connection, """
            INSERT INTO "ApiKeyAuthKeys" ("Id", "Name", "TenantId", "Scopes", "Enabled", "ExpiresOnDate", "CreatedAt", "Version")
            VALUES (@id, 'a key', 'tenant', @scopes, true, false, 638000000000000000, 1)
            """);
        await using var secrets = Command(connection, """
            INSERT INTO "ApiKeyAuthSecrets" ("Digest", "PepperId", "KeyId", "Position", "Hint", "CreatedAt")
            VALUES (@digest, '', @id, 0, 'x7Qa', 638000000000000000)
            """);
        for (var number = 0; number < count; number++)
        {
            Set(keys, ("id", Id(number)), ("scopes", Scopes));
            Set(secrets, ("digest", Hash(number).Digest.ToArray()), ("id", Id(number)));
            await keys.ExecuteNonQueryAsync();
            await secrets.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    /// <summary>Writes keys with PostgreSQL's bulk copy.</summary>
    public static async Task CopyAsync(NpgsqlConnection connection, int count)
    {
        await using (var keys = await connection.BeginBinaryImportAsync("""
            COPY "ApiKeyAuthKeys" ("Id", "Name", "TenantId", "Scopes", "Enabled", "ExpiresOnDate", "CreatedAt", "Version")
            FROM STDIN (FORMAT BINARY)
            """))
        {
            for (var number = 0; number < count; number++)
            {
                await keys.WriteRowAsync(default, Id(number), "a key", "tenant", Scopes, true, false, 638_000_000_000_000_000L, 1L);
            }

            await keys.CompleteAsync();
        }

        await using var secrets = await connection.BeginBinaryImportAsync("""
            COPY "ApiKeyAuthSecrets" ("Digest", "PepperId", "KeyId", "Position", "Hint", "CreatedAt")
            FROM STDIN (FORMAT BINARY)
            """);
        for (var number = 0; number < count; number++)
        {
            await secrets.WriteRowAsync(default, Hash(number).Digest.ToArray(), "", Id(number), 0, "x7Qa", 638_000_000_000_000_000L);
        }

        await secrets.CompleteAsync();
    }

    public static DbCommand Command(DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    public static void Set(DbCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            if (command.Parameters.Count == index)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = values[index].Name;
                command.Parameters.Add(parameter);
            }

            command.Parameters[index].Value = values[index].Value;
        }
    }
}
