using ApiKeyAuth.Redis.Connection;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Tests what the limiter needs of a server, on states of its own.</summary>
internal sealed class ServerProbe(
    [FromKeyedServices(RedisFeature.RateLimiter)] RedisConnection connection, StateNames names, StallAwareClock clock)
{
    // Behind a proxy that distributes keys over two servers, the chance that all 16 are on one server is 1 in 32,768.
    private const int MultiKeyCount = 16;

    private const string CountScript = """
        local found = 0
        for _, name in ipairs(KEYS) do
          found = found + (redis.call('GET', name) == ARGV[1] and 1 or 0)
        end
        return found
        """;

    private static readonly RedisValue[] Arguments = [7, 1, 0, 1, 1, 1, 0, 1];

    // No request waits for it, so it may take longer than a check.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly RedisKey[] _stateKeys = [names.Probe];

    /// <summary>Runs the limiter's script, with a write. Throws if the call fails.</summary>
    public async Task RunAsync(TimeSpan timeout)
    {
        var database = await clock.WaitAsync(connection.GetDatabaseAsync().AsTask(), timeout);
        await clock.WaitAsync(LimitScript.RunAsync(database, _stateKeys, Arguments), timeout);
    }

    /// <summary>
    /// Determines whether one script sees values that were written to several keys one by one. It does not in a cluster, or behind a proxy
    /// that distributes keys.
    /// </summary>
    public async Task<bool> SupportsMultiKeyCallsAsync()
    {
        var database = await clock.WaitAsync(connection.GetDatabaseAsync().AsTask(), Timeout);
        var states = names.CreateMultiKeyProbes(MultiKeyCount);
        var mark = Guid.NewGuid().ToString("N");
        try
        {
            await clock.WaitAsync(Task.WhenAll(states.Select(state => database.SetWithExpirationAsync(state, mark))), Timeout);
            return (long)await clock.WaitAsync(database.ScriptEvaluateAsync(CountScript, states, [mark]), Timeout) == MultiKeyCount;
        }
        catch (Exception exception) when (exception is RedisServerException or RedisCommandException)
        {
            // A cluster, or the client of one, rejects keys of different slots.
            return false;
        }
    }
}
