using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Provides extension methods for probes of the server.</summary>
internal static class RedisProbeExtensions
{
    /// <summary>Sets a value that expires after a minute.</summary>
    /// <remarks>The client's own method sends SETEX, which the ACL of the user may not allow.</remarks>
    public static Task<RedisResult> SetWithExpirationAsync(this IDatabase database, RedisKey state, string value) =>
        database.ExecuteAsync("SET", state, value, "PX", 60_000);
}
