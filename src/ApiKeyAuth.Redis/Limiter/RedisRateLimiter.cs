using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Limits keys over all nodes: the same bounded log as in memory, kept and decided on by Redis in one round trip.</summary>
/// <remarks>
/// A refusal that stands is repeated without asking; all who wait for one key go in one call; and where Redis does not answer
/// this node decides alone.
/// </remarks>
internal sealed class RedisRateLimiter(
    LaneCalls calls, LaneTable lanes, StateNames names, LocalLimiter local, ApiKeyRedisOptions options, TimeProvider time) : IApiKeyRateLimiter
{
    public ValueTask<RateLimitDecision> CheckAsync(
        RateLimitSubject subject, long cost, RateLimitCharge charge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        if (subject.IsUnlimited)
        {
            return new(RateLimitDecision.Unlimited);
        }

        var shared = Of(subject);
        if (charge != RateLimitCharge.Always && shared.Lane.TryRepeat(shared, cost, calls.Now, out var repeated))
        {
            return new(repeated);
        }

        return calls.IsOut
            ? new(local.Decide(shared, cost, charge, calls.Now))
            : new(AskAsync(new Ask(shared, cost, charge), cancellationToken));
    }

    private SharedSubject Of(RateLimitSubject subject)
    {
        if (subject.State is not SharedSubject shared)
        {
            shared = new SharedSubject(subject, names, lanes.Find);
            subject.State = shared;
        }

        return shared;
    }

    private async Task<RateLimitDecision> AskAsync(Ask ask, CancellationToken cancellationToken)
    {
        var shared = ask.Subject;
        shared.Lane.Send(ask);

        // Nothing is thrown where it takes too long: the caller has waited enough.
        await ((Task)ask.Task.WaitAsync(options.Timeout, time, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ask.Task.IsCompleted)
        {
            ask.Abandon();
            cancellationToken.ThrowIfCancellationRequested();
        }
        else if (await ask.Task is { } decision)
        {
            return decision;
        }

        return local.Decide(shared, ask.Cost, ask.Charge, calls.Now);
    }
}
