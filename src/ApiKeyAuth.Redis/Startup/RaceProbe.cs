using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Finds out whether scripts of two connections run into one another: then a count that both raise loses some.</summary>
internal static class RaceProbe
{
    private const int Turns = 100;
    private const int Rounds = 6;

    // The loop lies between reading and writing, so that others have the time to come between them too.
    private const string Script = """
        local count = tonumber(redis.call('GET', KEYS[1]) or '0')
        local spin = 0
        for turn = 1, 5000 do spin = spin + turn end
        redis.call('SET', KEYS[1], string.format('%d', count + 1), 'PX', '60000')
        return spin
        """;

    /// <summary>Tries a number of times, because on a busy machine two connections may happen to take turns.</summary>
    public static async Task<bool> IsAtomicAsync(IDatabase first, IDatabase second, RedisKey state)
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await Task.WhenAll(RaiseAsync(first, state), RaiseAsync(second, state));
            if ((long)await first.StringGetAsync(state) != 2 * Turns * round)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task RaiseAsync(IDatabase database, RedisKey state)
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            await database.ScriptEvaluateAsync(Script, [state]);
        }
    }
}
