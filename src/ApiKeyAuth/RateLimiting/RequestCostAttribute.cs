using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>
/// Specifies the number of permits that a request to the endpoint takes. A cost of 0 takes none, but the response has the headers.
/// Without this attribute the cost is 1.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequestCostAttribute : Attribute
{
    /// <summary>Initializes a new instance of the <see cref="RequestCostAttribute"/> class.</summary>
    /// <param name="cost">The number of permits: 0 to 4,000,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cost"/> is out of range.</exception>
    public RequestCostAttribute(long cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, RateLimit.MaxPermits);
        Cost = cost;
    }

    /// <summary>Gets the number of permits that a request takes.</summary>
    public long Cost { get; }
}
