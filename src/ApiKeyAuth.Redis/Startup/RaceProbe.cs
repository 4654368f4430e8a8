using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Finds out whether others can write between two commands of a script: then limits would be exceeded.</summary>
internal static class RaceProbe
{
    private const int Rounds = 5;

    // It takes a good while, and the other connection writes all through it.
    private const string Script = """
        local before = redis.call('GET', KEYS[1])
        local spin = 0
        for turn = 1, 3000000 do spin = spin + turn end
        return redis.call('GET', KEYS[1]) == before and 1 or 0
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
