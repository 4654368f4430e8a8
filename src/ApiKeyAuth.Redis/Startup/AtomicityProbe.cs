using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Finds out whether others can write between two commands of a script: then limits would be exceeded.</summary>
internal static class AtomicityProbe
{
    // It looks for two seconds, so that a busy machine hides nothing, and ends with the first write it sees.
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

    /// <summary>Runs the script while another connection writes what it reads.</summary>
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
