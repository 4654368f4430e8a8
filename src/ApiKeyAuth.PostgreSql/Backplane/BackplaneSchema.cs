using ApiKeyAuth.EntityFrameworkCore.Schema;
using Npgsql;

namespace ApiKeyAuth.PostgreSql.Backplane;

/// <summary>The tables and functions of the bus, which are no part of a context: an app with its own has them too.</summary>
internal sealed class BackplaneSchema(BackplaneDatabase database) : IApiKeySchema
{
    // Any number, as long as nothing else in the database takes a lock of that name.
    private const long AdvisoryLockId = 0x4170_694b_6579_4275;

    private static readonly string Script = ReadScript();

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var taking = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({AdvisoryLockId})", connection, transaction);
        await taking.ExecuteNonQueryAsync(cancellationToken);
        await using var making = new NpgsqlCommand(Script, connection, transaction);
        await making.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.DataSource.CreateCommand("""SELECT "ApiKeyAuthBusIsAcknowledged"('', 1, '')""");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable)
        {
            throw new InvalidOperationException(
                "The database lacks the functions by which nodes tell each other of changed keys: pass migrate: true to the call that adds the store or the bus, "
                + "or call app.Services.MigrateApiKeysAsync() before app.Run() or when you deploy.");
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            // That the database is away is told by the check of its tables, and by the first beat.
        }
    }

    private static string ReadScript()
    {
        using var reader = new StreamReader(typeof(BackplaneSchema).Assembly.GetManifestResourceStream("Backplane.sql")!);
        return reader.ReadToEnd();
    }
}
