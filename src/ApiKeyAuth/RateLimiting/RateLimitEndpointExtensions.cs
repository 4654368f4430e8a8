using ApiKeyAuth.RateLimiting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides extension methods that set the cost of requests to an endpoint.</summary>
public static class RateLimitEndpointExtensions
{
    /// <summary>Sets the number of permits that a request takes. Without this call it is 1.</summary>
    /// <param name="builder">The endpoint convention builder.</param>
    /// <param name="cost">The number of permits: 0 to 4,000,000,000.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cost"/> is out of range.</exception>
    public static TBuilder WithRequestCost<TBuilder>(this TBuilder builder, long cost)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequestCostAttribute(cost));

    /// <summary>Exempts the endpoint from the limits of keys and tenants.</summary>
    /// <param name="builder">The endpoint convention builder.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    public static TBuilder WithoutRateLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new WithoutRateLimitAttribute());
}
