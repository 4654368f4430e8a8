using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Runs the limiter's script on the server that holds the state, so that a decision takes one round trip.</summary>
internal static class LimitScript
{
    private static readonly RedisScript Script = new("Limit.lua");

    /// <summary>Runs the script.</summary>
    public static Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) =>
        Script.RunAsync(database, keys, arguments);

    /// <summary>Reads the numbers of a reply. Returns an empty array if the reply has another format.</summary>
    public static long[] ReadReply(RedisResult reply) => (long[]?)reply ?? [];
}
