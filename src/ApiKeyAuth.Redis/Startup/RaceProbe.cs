using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Finds out whether others can write between two commands of a script: then limits would be exceeded.</summary>
internal static class RaceProbe
{
    private const int Rounds = 5;

    // It looks for a good while, and the other connection writes all through it; the first write that it sees ends it.
    private const string Script = """
        local before = redis.call('GET', KEYS[1])
        for turn = 1, 50000 do
          if redis.call('GET', KEYS[1]) ~= before then
            return 0
          end
        end
        return 1
        """;

    /// <summary>Runs the script while another connection writes what it reads.</summary>
    public static async Task<bool> IsAtomicAsync(IDatabase first, IDatabase second, RedisKey state)
    {
        await second.StringSetAsync(state, 0, TimeSpan.FromMinutes(1));
        for (var round = 0; round < Rounds; round++)
        {
            var script = first.ScriptEvaluateAsync(Script, [state]);
            while (!script.IsCompleted)
            {
                await second.StringSetAsync(state, Guid.NewGuid().ToString("N"), TimeSpan.FromMinutes(1));
            }

            if (!(bool)await script)
            {
                return false;
            }
        }

        return true;
    }
}
