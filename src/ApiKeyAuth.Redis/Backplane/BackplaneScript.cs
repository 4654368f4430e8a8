using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Backplane;

/// <summary>The script that is the bus's server, beside its state.</summary>
internal sealed class BackplaneScript(RedisConnection connection, PrimaryRecovery primaryRecovery)
{
    private static readonly RedisScript Script = new("Backplane.lua");

    private readonly RedisKey[] _stateKeys = [connection.Prefix + "backplane"];

    /// <summary>Runs one step of it.</summary>
    public async Task<RedisResult> RunAsync(string step, string memberId = "", TimeSpan lease = default, string argument = "")
    {
        try
        {
            RedisValue[] arguments = [step, memberId, (long)lease.TotalMilliseconds, argument, Guid.NewGuid().ToString("N")];
            return await Script.RunAsync(await connection.GetDatabaseAsync(), _stateKeys, arguments);
        }
        catch (RedisException exception)
        {
            primaryRecovery.ReportFailure(exception);
            throw;
        }
    }

    /// <summary>Fails where the server cannot run it.</summary>
    public Task ProbeAsync() => RunAsync("trial");
}
