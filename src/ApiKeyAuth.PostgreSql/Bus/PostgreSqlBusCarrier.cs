using ApiKeyAuth.Stores;
using Npgsql;

namespace ApiKeyAuth.PostgreSql.Bus;

/// <summary>The bus over PostgreSQL: each call is one function of Bus.sql, and hints go by NOTIFY.</summary>
internal sealed class PostgreSqlBusCarrier(BusDatabase database, NotificationProbe probe) : IApiKeyBusCarrier
{
    private const string Acknowledged = "acknowledged";

    public async ValueTask<ApiKeyBusBeat> BeatAsync(string nodeId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        await using var command = Command("""SELECT * FROM "ApiKeyAuthBusBeat"($1, $2, $3)""", nodeId, lease, position);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new ApiKeyBusBeat
        {
            Position = row.GetString(0),
            Nodes = row.GetInt32(1),
            ChangedKeys = await row.IsDBNullAsync(2, cancellationToken) ? null : row.GetFieldValue<string[]>(2),
        };
    }

    public async ValueTask<ApiKeyBusPublication> PublishAsync(string nodeId, TimeSpan lease, string keyId, CancellationToken cancellationToken)
    {
        await using var command = Command("""SELECT * FROM "ApiKeyAuthBusPublish"($1, $2, $3)""", nodeId, lease, keyId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new ApiKeyBusPublication
        {
            Position = row.GetString(0),
            IsAlone = row.GetBoolean(1),
            IsAcknowledged = row.GetBoolean(1) && row.GetBoolean(2),
            LongestLease = TimeSpan.FromMilliseconds(row.GetInt64(3)),
        };
    }

    public async ValueTask<bool> IsAcknowledgedAsync(string nodeId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        await using var command = Command("""SELECT "ApiKeyAuthBusIsAcknowledged"($1, $2, $3)""", nodeId, lease, position);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public async ValueTask LeaveAsync(string nodeId, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("""SELECT "ApiKeyAuthBusLeave"($1)""");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = nodeId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ListenAsync(Action<ApiKeyBusHint> hint, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var payload = NotificationProbe.CreatePayload();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Notification += (_, notification) =>
        {
            if (!NotificationProbe.IsProbe(notification.Payload))
            {
                hint(notification.Payload == Acknowledged ? ApiKeyBusHint.Acknowledged : ApiKeyBusHint.Changed);
            }
            else if (notification.Payload == payload)
            {
                heard.TrySetResult();
            }
        };
        await using var listen = new NpgsqlCommand("""LISTEN "ApiKeyAuthBus" """, connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var probing = probe.RunAsync(payload, heard.Task, end.Token);
        try
        {
            while (true)
            {
                await connection.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            await end.CancelAsync();
            await probing;
        }
    }

    private NpgsqlCommand Command(string text, string nodeId, TimeSpan lease, string what)
    {
        var command = database.Source.CreateCommand(text);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = nodeId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)lease.TotalMilliseconds });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = what });
        return command;
    }
}
