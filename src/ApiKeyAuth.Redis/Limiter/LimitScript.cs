using ApiKeyAuth.Redis.Connection;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>The script that decides, beside the state it decides on: one round trip for whatever is asked of one key.</summary>
internal static class LimitScript
{
    private static readonly string Text = EmbeddedText.Read("Limit.lua");

    /// <summary>Runs it. As text, not as bytes: then it is sent anew where the server has forgotten it.</summary>
    public static async Task<long[]> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) =>
        (long[]?)await database.ScriptEvaluateAsync(Text, keys, arguments) ?? [];
}
