namespace ApiKeyAuth.RateLimiting;

/// <summary>Defines a rate limiter for keys and tenants.</summary>
public interface IApiKeyRateLimiter
{
    /// <summary>Checks all limits of a key and its tenant, and charges all of them or none.</summary>
    /// <param name="subject">The key and tenant, with their limits.</param>
    /// <param name="cost">The permits that the request takes, at least 0. A cost of 0 charges nothing and is always admitted.</param>
    /// <param name="charge">Whether a rejected request is charged.</param>
    /// <param name="cancellationToken">A token to cancel the operation. The in-memory limiter does not use it.</param>
    /// <returns>The decision.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="subject"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cost"/> is negative.</exception>
    ValueTask<RateLimitDecision> CheckAsync(
        RateLimitSubject subject, long cost, RateLimitCharge charge, CancellationToken cancellationToken);
}
