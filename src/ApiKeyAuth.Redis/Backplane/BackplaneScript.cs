using ApiKeyAuth.Redis.Connection;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Backplane;

/// <summary>Runs the backplane's script on the server.</summary>
internal sealed class BackplaneScript([FromKeyedServices(RedisFeature.Backplane)] RedisConnection connection)
{
    private static readonly RedisScript Script = new("Backplane.lua");

    private readonly RedisKey[] _stateKeys = [connection.Prefix + "backplane"];

    /// <summary>Runs one operation of the script.</summary>
    public async Task<RedisResult> RunAsync(string operation, string memberId = "", TimeSpan lease = default, string argument = "")
    {
        try
        {
            RedisValue[] arguments = [operation, memberId, (long)lease.TotalMilliseconds, argument, Guid.NewGuid().ToString("N")];
            return await Script.RunAsync(await connection.GetDatabaseAsync(), _stateKeys, arguments);
        }
        catch (RedisException exception)
        {
            connection.ReportFailure(exception);
            throw;
        }
    }

    /// <summary>Throws if the server cannot run the script.</summary>
    public Task<RedisResult> ProbeAsync() => RunAsync("probe");
}
