using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Tries what the limiter asks of a server, on states of its own.</summary>
internal sealed class ServerProbe(RedisConnection connection, StateNames names, StallAwareClock clock)
{
    // A proxy that sends each key to one of two servers misses it once in 32,768 trials.
    private const int MultiKeyCount = 16;

    private const string CountScript = """
        local found = 0
        for _, name in ipairs(KEYS) do
          found = found + (redis.call('GET', name) == ARGV[1] and 1 or 0)
        end
        return found
        """;

    private static readonly RedisValue[] Arguments = [7, 1, 0, 1, 1, 1, 0, 1];

    // Apart from any request, so it may take longer than one waits.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly RedisKey[] _stateKeys = [names.Probe];

    /// <summary>Makes a call of the limiter's script, to see whether the server decides, and keeps what it decided; fails as the call does.</summary>
    public async Task RunAsync(TimeSpan timeout)
    {
        var database = await clock.WaitAsync(connection.GetDatabaseAsync().AsTask(), timeout);
        await clock.WaitAsync(LimitScript.RunAsync(database, _stateKeys, Arguments), timeout);
    }

    /// <summary>Whether one script sees what was written to several keys one by one: not in a cluster, nor behind a proxy that spreads them.</summary>
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
            // Of another slot, says a cluster, or the client that knows of one.
            return false;
        }
    }
}
