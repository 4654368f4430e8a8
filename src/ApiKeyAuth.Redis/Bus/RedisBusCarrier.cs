using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Stores;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Bus;

/// <summary>The bus over Redis: each call is one script, and hints go by a channel.</summary>
internal sealed class RedisBusCarrier(RedisConnection connection, BusScript script) : IApiKeyBusCarrier
{
    private const string Changed = "changed";
    private const string Acknowledged = "acknowledged";

    private readonly RedisChannel _channel = RedisChannel.Literal(connection.Prefix + "bus");

    public async ValueTask<ApiKeyBusBeat> BeatAsync(string nodeId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        var reply = await AskAsync("beat", nodeId, lease, position);
        if ((bool)reply[3])
        {
            await HintAsync(Acknowledged);
        }

        return new ApiKeyBusBeat
        {
            Position = (string)reply[0]!,
            Nodes = (int)reply[1],
            ChangedKeys = (bool)reply[2] ? [.. reply[4..].Select(key => (string)key!)] : null,
        };
    }

    public async ValueTask<ApiKeyBusPublication> PublishAsync(string nodeId, TimeSpan lease, string keyId, CancellationToken cancellationToken)
    {
        var reply = await AskAsync("publish", nodeId, lease, keyId);
        await HintAsync(Changed);
        return new ApiKeyBusPublication
        {
            Position = (string)reply[0]!,
            IsAlone = (bool)reply[1],
            IsAcknowledged = (bool)reply[1] && (bool)reply[2],
            LongestLease = TimeSpan.FromMilliseconds((long)reply[3]),
        };
    }

    public async ValueTask<bool> IsAcknowledgedAsync(string nodeId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
        (bool)await script.RunAsync("acknowledged", nodeId, lease, position);

    public async ValueTask LeaveAsync(string nodeId, CancellationToken cancellationToken) => await script.RunAsync("leave", nodeId);

    public async Task ListenAsync(Action<ApiKeyBusHint> hint, CancellationToken cancellationToken)
    {
        while (true)
        {
            var replaced = connection.Replaced;

            // The client subscribes again by itself after a connection was lost, but not on another one.
            var messages = await (await connection.OpenAsync()).GetSubscriber().SubscribeAsync(_channel);
            messages.OnMessage(message => hint(message.Message == Acknowledged ? ApiKeyBusHint.Acknowledged : ApiKeyBusHint.Changed));
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

    private async Task<RedisResult[]> AskAsync(string step, string nodeId, TimeSpan lease, string what) =>
        (RedisResult[]?)await script.RunAsync(step, nodeId, lease, what) ?? throw new RedisException("The script of the bus gave no answer.");

    // Not part of the script: a hint may be lost, and needs no slot of a cluster.
    private async Task HintAsync(string what) => (await connection.OpenAsync()).GetSubscriber().Publish(_channel, what, CommandFlags.FireAndForget);

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
