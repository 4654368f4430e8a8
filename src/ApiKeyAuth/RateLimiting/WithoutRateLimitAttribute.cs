namespace ApiKeyAuth.RateLimiting;

/// <summary>Exempts an endpoint from the limits of keys and tenants.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WithoutRateLimitAttribute : Attribute;
