using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>A call of the script on a state of its own: whether the server decides, and keeps what it decided.</summary>
internal sealed class TrialCall(RedisConnection connection, StateNames names)
{
    private static readonly RedisValue[] Arguments = [1, 0, 1, 1, 1, 0, 1];

    private readonly RedisKey[] _state = [names.Trial];

    /// <summary>Runs it; fails as the call does.</summary>
    public async Task RunAsync(TimeSpan timeout, TimeProvider time) =>
        await LimitScript.RunAsync(await connection.DatabaseAsync().AsTask().WaitAsync(timeout, time), _state, Arguments).WaitAsync(timeout, time);
}
