using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>How many permits a request to the endpoint takes, 1 where nothing is said; 0 takes none but still shows the headers.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequestCostAttribute : Attribute
{
    /// <summary>Sets the cost.</summary>
    /// <param name="cost">0 to 4,000,000,000 permits.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is out of its range.</exception>
    public RequestCostAttribute(long cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, RateLimit.MaxPermits);
        Cost = cost;
    }

    /// <summary>The permits that a request takes.</summary>
    public long Cost { get; }
}
