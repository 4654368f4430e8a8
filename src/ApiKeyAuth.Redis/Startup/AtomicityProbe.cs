using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Tests whether scripts run atomically. If another client can write during a script, limits would be exceeded.</summary>
internal static class AtomicityProbe
{
    // It runs for two seconds, so that it also works on a busy machine, and ends at the first write that it observes.
    private const string Script = """
        local function now()
          local time = redis.call('TIME')
          return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
        end
        local before, started = redis.call('GET', KEYS[1]), now()
        repeat
          if redis.call('GET', KEYS[1]) ~= before then
            return 0
          end
        until now() - started > 2000
        return 1
        """;

    /// <summary>Runs a script while another connection writes the value that the script reads.</summary>
    public static async Task<bool> IsAtomicAsync(IDatabase first, IDatabase second, RedisKey state)
    {
        await second.SetWithExpirationAsync(state, "");
        var script = first.ScriptEvaluateAsync(Script, [state]);
        while (!script.IsCompleted)
        {
            await second.SetWithExpirationAsync(state, Guid.NewGuid().ToString("N"));
        }

        return (bool)await script;
    }
}
