using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Writes what a trial looks for.</summary>
internal static class RedisProbeExtensions
{
    /// <summary>Sets a value that goes by itself, by SET alone: the client would choose SETEX, which the user need not be allowed.</summary>
    public static Task<RedisResult> SetWithExpirationAsync(this IDatabase database, RedisKey state, string value) =>
        database.ExecuteAsync("SET", state, value, "PX", 60_000);
}
