using ApiKeyAuth.Backplane;
using ApiKeyAuth.Redis.Connection;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Backplane;

/// <summary>Represents a backplane over Redis. Each call runs one script; notifications use a channel.</summary>
internal sealed class RedisBackplane(
    [FromKeyedServices(RedisFeature.Backplane)] RedisConnection connection, BackplaneScript script) : IApiKeyBackplane
{
    private const string Changed = "changed";
    private const string Acknowledged = "acknowledged";

    private readonly RedisChannel _channel = RedisChannel.Literal(connection.Prefix + "backplane");

    public async ValueTask<HeartbeatResult> SendHeartbeatAsync(
        string memberId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        var reply = await CallAsync("heartbeat", memberId, lease, position);
        if ((bool)reply[3])
        {
            await NotifyAsync(Acknowledged);
        }

        return new HeartbeatResult
        {
            Position = (string)reply[0]!,
            MemberCount = (int)reply[1],
            ChangedKeyIds = (bool)reply[2] ? [.. reply[4..].Select(key => (string)key!)] : null,
        };
    }

    public async ValueTask<PublishResult> PublishAsync(
        string memberId, TimeSpan lease, string keyId, CancellationToken cancellationToken)
    {
        var reply = await CallAsync("publish", memberId, lease, keyId);
        await NotifyAsync(Changed);
        return new PublishResult
        {
            Position = (string)reply[0]!,
            IsOnlyMember = (bool)reply[1],
            IsAcknowledged = (bool)reply[1] && (bool)reply[2],
            LongestLease = TimeSpan.FromMilliseconds((long)reply[3]),
        };
    }

    public async ValueTask<bool> IsAcknowledgedAsync(
        string memberId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
        (bool)await script.RunAsync("acknowledged", memberId, lease, position);

    public async ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken) =>
        await script.RunAsync("leave", memberId);

    public async Task ListenAsync(Action<ApiKeyBackplaneNotification> onNotification, CancellationToken cancellationToken)
    {
        while (true)
        {
            var replaced = connection.Replaced;

            // The client resubscribes after it reconnects, but not on another connection.
            var messages = await (await connection.OpenAsync()).GetSubscriber().SubscribeAsync(_channel);
            messages.OnMessage(message => onNotification(message.Message == Acknowledged
                ? ApiKeyBackplaneNotification.Acknowledgment
                : ApiKeyBackplaneNotification.Invalidation));
            try
            {
                await replaced.WaitAsync(cancellationToken);
            }
            finally
            {
                await UnsubscribeAsync(messages);
            }
        }
    }

    private async Task<RedisResult[]> CallAsync(string operation, string memberId, TimeSpan lease, string argument) =>
        (RedisResult[]?)await script.RunAsync(operation, memberId, lease, argument)
        ?? throw new RedisException("The backplane script returned no reply.");

    // Published outside the script, because a notification may be lost and does not depend on a cluster slot.
    private async Task NotifyAsync(string message) =>
        (await connection.OpenAsync()).GetSubscriber().Publish(_channel, message, CommandFlags.FireAndForget);

    private static async Task UnsubscribeAsync(ChannelMessageQueue messages)
    {
        try
        {
            await messages.UnsubscribeAsync(CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            // The connection was closed, and the subscription with it.
        }
    }
}
