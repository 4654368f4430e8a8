namespace ApiKeyAuth.RateLimiting;

/// <summary>Exempts the endpoint from every limit of keys and tenants.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WithoutRateLimitAttribute : Attribute;
