using ApiKeyAuth.Backplane;
using Npgsql;

namespace ApiKeyAuth.PostgreSql.Backplane;

/// <summary>Provides the backplane over PostgreSQL: each call is one function of Backplane.sql, and notifications use NOTIFY.</summary>
internal sealed class PostgreSqlBackplane(BackplaneDatabase database, NotificationProbe probe) : IApiKeyBackplane
{
    private const string AcknowledgedPayload = "acknowledged";

    public async ValueTask<HeartbeatResult> SendHeartbeatAsync(
        string memberId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand("""SELECT * FROM "ApiKeyAuthBackplaneHeartbeat"($1, $2, $3)""", memberId, lease, position);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new HeartbeatResult
        {
            Position = row.GetString(0),
            MemberCount = row.GetInt32(1),
            ChangedKeyIds = await row.IsDBNullAsync(2, cancellationToken) ? null : row.GetFieldValue<string[]>(2),
        };
    }

    public async ValueTask<PublishResult> PublishAsync(
        string memberId, TimeSpan lease, string keyId, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand("""SELECT * FROM "ApiKeyAuthBackplanePublish"($1, $2, $3)""", memberId, lease, keyId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new PublishResult
        {
            Position = row.GetString(0),
            IsOnlyMember = row.GetBoolean(1),
            IsAcknowledged = row.GetBoolean(1) && row.GetBoolean(2),
            LongestLease = TimeSpan.FromMilliseconds(row.GetInt64(3)),
        };
    }

    public async ValueTask<bool> IsAcknowledgedAsync(
        string memberId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand("""SELECT "ApiKeyAuthBackplaneIsAcknowledged"($1, $2, $3)""", memberId, lease, position);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public async ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken)
    {
        await using var command = database.DataSource.CreateCommand("""SELECT "ApiKeyAuthBackplaneLeave"($1)""");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = memberId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ListenAsync(Action<ApiKeyBackplaneNotification> onNotification, CancellationToken cancellationToken)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(cancellationToken);
        var payload = NotificationProbe.CreatePayload();
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Notification += (_, notification) =>
        {
            if (!NotificationProbe.IsProbe(notification.Payload))
            {
                onNotification(notification.Payload == AcknowledgedPayload
                    ? ApiKeyBackplaneNotification.Acknowledgment
                    : ApiKeyBackplaneNotification.Invalidation);
            }
            else if (notification.Payload == payload)
            {
                received.TrySetResult();
            }
        };
        await using var listen = new NpgsqlCommand("""LISTEN "ApiKeyAuthBackplane" """, connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var probing = probe.RunAsync(payload, received.Task, end.Token);
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

    private NpgsqlCommand CreateCommand(string text, string memberId, TimeSpan lease, string argument)
    {
        var command = database.DataSource.CreateCommand(text);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = memberId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)lease.TotalMilliseconds });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = argument });
        return command;
    }
}
