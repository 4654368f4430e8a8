using ApiKeyAuth.EntityFrameworkCore.Schema;
using Npgsql;

namespace ApiKeyAuth.PostgreSql.Backplane;

/// <summary>
/// Creates the tables and functions of the backplane. They do not belong to a context, so apps with their own context can use them.
/// </summary>
internal sealed class BackplaneSchema(BackplaneDatabase database) : IApiKeySchema
{
    // Any number that nothing else in the database uses for an advisory lock.
    private const long AdvisoryLockId = 0x4170_694b_6579_4275;

    private static readonly string Script = ReadScript();

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var lockCommand = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({AdvisoryLockId})", connection, transaction);
        await lockCommand.ExecuteNonQueryAsync(cancellationToken);
        await using var createCommand = new NpgsqlCommand(Script, connection, transaction);
        await createCommand.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.DataSource.CreateCommand("""SELECT "ApiKeyAuthBackplaneIsAcknowledged"('', 1, '')""");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable)
        {
            throw new InvalidOperationException(
                "The database lacks the functions of the backplane: call MigrateOnStartup() after AddPostgreSqlBackplane(), "
                + "or app.Services.MigrateApiKeysAsync() before app.Run() or when you deploy.");
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            // The check of the tables and the first heartbeat report that the database is unavailable.
        }
    }

    private static string ReadScript()
    {
        using var reader = new StreamReader(typeof(BackplaneSchema).Assembly.GetManifestResourceStream("Backplane.sql")!);
        return reader.ReadToEnd();
    }
}
