using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Bus;

/// <summary>The script that is the bus's server, beside its state.</summary>
internal sealed class BusScript(RedisConnection connection, PrimaryRecovery primary)
{
    private static readonly RedisScript Script = new("Bus.lua");

    private readonly RedisKey[] _state = [connection.Prefix + "bus"];

    /// <summary>Runs one step of it.</summary>
    public async Task<RedisResult> RunAsync(string step, string nodeId = "", TimeSpan lease = default, string what = "")
    {
        try
        {
            RedisValue[] arguments = [step, nodeId, (long)lease.TotalMilliseconds, what, Guid.NewGuid().ToString("N")];
            return await Script.RunAsync(await connection.DatabaseAsync(), _state, arguments);
        }
        catch (RedisException exception)
        {
            primary.Note(exception);
            throw;
        }
    }

    /// <summary>Fails where the server cannot run it.</summary>
    public Task TryAsync() => RunAsync("trial");
}
