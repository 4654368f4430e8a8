using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>The script that decides, beside the state it decides on: one round trip for whatever is asked of one key.</summary>
internal static class LimitScript
{
    private static readonly RedisScript Script = new("Limit.lua");

    /// <summary>Runs it.</summary>
    public static Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) => Script.RunAsync(database, keys, arguments);

    /// <summary>Reads the numbers of its reply; none where it is something else.</summary>
    public static long[] ReadReply(RedisResult reply) => (long[]?)reply ?? [];
}
