using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis.Limiter;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>
/// Makes a few calls at startup with a longer timeout: the first ones wait for the JIT and would exceed the timeout of a request.
/// </summary>
internal sealed class WarmUp(LimiterClient client, StateNames names)
{
    private const int Rounds = 8;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly RateLimit[] Limits = [new(RateLimit.MaxPermits, TimeSpan.FromSeconds(1))];

    /// <summary>Makes the calls, on an unused state that expires within seconds. A call that fails opens the circuit.</summary>
    public async Task RunAsync()
    {
        var key = new RateLimitSubject($"warm-up-{Guid.NewGuid():N}", Limits, null, null);
        var subject = new RedisRateLimitSubject(key, names, _ => new KeyState(client));
        for (var round = 0; round < Rounds && !client.IsCircuitOpen; round++)
        {
            var since = client.ToRunningTime(client.Now);
            var count = 1 + round % 2;
            var checks = Enumerable.Range(0, count).Select(_ => new PendingCheck(subject, count, RateLimitCharge.IfAdmitted, since));
            await client.RunAsync(client.CreateBatch([.. checks]), Timeout);
        }
    }
}
