namespace ApiKeyAuth.RateLimiting;

/// <summary>Decides whether a key, and its tenant, may spend a cost now.</summary>
public interface IApiKeyRateLimiter
{
    /// <summary>Asks every window of the key and of its tenant, then charges all of them or none.</summary>
    /// <param name="subject">Who is limited, by what.</param>
    /// <param name="cost">The permits the request takes, 0 or more; 0 asks without spending and is always admitted.</param>
    /// <param name="charge">What a refused request is charged.</param>
    /// <param name="cancellationToken">Ends the wait for a limiter on the network.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cost"/> is negative.</exception>
    ValueTask<RateLimitDecision> CheckAsync(
        RateLimitSubject subject, long cost, RateLimitCharge charge, CancellationToken cancellationToken);
}
