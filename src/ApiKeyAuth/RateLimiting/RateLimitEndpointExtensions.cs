using ApiKeyAuth.RateLimiting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says what requests to an endpoint cost.</summary>
public static class RateLimitEndpointExtensions
{
    /// <summary>Sets how many permits a request takes: 0 to 4,000,000,000, in place of 1.</summary>
    public static TBuilder WithRequestCost<TBuilder>(this TBuilder builder, long cost)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequestCostAttribute(cost));

    /// <summary>Exempts the endpoint from every limit of keys and tenants.</summary>
    public static TBuilder WithoutRateLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new WithoutRateLimitAttribute());
}
