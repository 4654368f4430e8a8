namespace ApiKeyAuth.Redis.Connection;

/// <summary>Names the features that use Redis. Each has a connection under its name; both share one if they use the same server.</summary>
internal static class RedisFeature
{
    public const string RateLimiter = "rate limiter";

    public const string Backplane = "backplane";
}
