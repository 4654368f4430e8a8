using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis.Limiter;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>
/// Makes a few calls as requests make them, without their timeout: the first ones wait for the JIT, and would be taken for late.
/// </summary>
internal sealed class WarmUp(LimiterClient client, StateNames names)
{
    private const int Rounds = 8;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly RateLimit[] Limits = [new(RateLimit.MaxPermits, TimeSpan.FromSeconds(1))];

    /// <summary>
    /// Makes them, on a state that nobody uses and that expires within seconds. A call that fails begins an outage as any other.
    /// </summary>
    public async Task RunAsync()
    {
        var key = new RateLimitSubject($"warm-up-{Guid.NewGuid():N}", Limits, null, null);
        var subject = new RedisRateLimitSubject(key, names, _ => new KeyState(client));
        for (var round = 0; round < Rounds && !client.IsCircuitOpen; round++)
        {
            var since = client.ToRunningTime(client.Now);
            var count = 1 + round % 2;
            var asks = Enumerable.Range(0, count).Select(_ => new PendingCheck(subject, count, RateLimitCharge.IfAdmitted, since));
            await client.RunAsync(client.CreateBatch([.. asks]), Timeout);
        }
    }
}
