using ApiKeyAuth.Authentication;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Charges the keys of the endpoint's own principal, after authorization; a request over the limit goes no further.</summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next, IApiKeyRateLimiter limiter, EffectiveLimits limits, LimitedEndpoints endpoints, RateLimitHeaders headers,
    ApiKeyRateLimitOptions options, ApiKeyMetrics metrics, ILogger<RateLimitMiddleware> logger)
{
    // The one in memory decides at once: it need not be told when the caller gives up.
    private readonly bool _waits = limiter is not InMemoryRateLimiter;
    private readonly RateLimitCharge _charge = options.ChargeRefusedRequests ? RateLimitCharge.Always : RateLimitCharge.IfAdmitted;

    public Task InvokeAsync(HttpContext context)
    {
        AuthenticatedKeys.Admit(RequestNotes.Of(context));
        // Nearly always nothing is waited for: then no state machine stands between the limiter and the endpoint.
        var cost = endpoints.CostAsync(context);
        var admits = cost.IsCompletedSuccessfully ? AdmitsAsync(context, cost.Result) : AdmitsAsync(context, cost);
        return !admits.IsCompletedSuccessfully ? AwaitAsync(admits, context)
            : admits.Result ? next(context)
            : Task.CompletedTask;
    }

    private async Task AwaitAsync(ValueTask<bool> admits, HttpContext context)
    {
        if (await admits)
        {
            await next(context);
        }
    }

    private async ValueTask<bool> AdmitsAsync(HttpContext context, ValueTask<long?> cost) => await AdmitsAsync(context, await cost);

    private ValueTask<bool> AdmitsAsync(HttpContext context, long? cost)
    {
        if (cost is not { } due)
        {
            return new(true);
        }

        var keys = AuthenticatedKeys.Of(context);
        if (keys.Count == 0)
        {
            return new(true);
        }

        var notes = RequestNotes.Of(context);
        return IsPaid(notes, keys, ref due) ? new(true)
            : keys.Count == 1 ? AdmitsAsync(notes, keys[0], due)
            : AdmitAllAsync(notes, keys, due);
    }

    /// <summary>
    /// Determines whether nothing is left to charge: a request costs as much as the dearest endpoint it reaches, once, and an error page
    /// nothing.
    /// </summary>
    private static bool IsPaid(RequestNotes notes, in KeysOfRequest keys, ref long cost)
    {
        if (notes.HasRun && notes.Context.IsErrorPage())
        {
            return true;
        }

        if (notes.ChargedKeyId is not { } charged || (keys.Count == 1 && !string.Equals(charged, keys[0].Key.Id, StringComparison.Ordinal)))
        {
            return false;
        }

        cost -= notes.ChargedCost;
        return cost <= 0;
    }

    private ValueTask<bool> AdmitsAsync(RequestNotes notes, VerifiedApiKey verified, long cost)
    {
        var subject = limits.Of(verified);
        if (subject.IsUnlimited)
        {
            return new(true);
        }

        var decision = limiter.CheckAsync(subject, cost, _charge, _waits ? notes.Context.RequestAborted : default);
        return decision.IsCompletedSuccessfully ? new(Admits(notes, subject, decision.Result, cost)) : AwaitAsync(notes, subject, decision, cost);
    }

    private async ValueTask<bool> AwaitAsync(RequestNotes notes, RateLimitSubject subject, ValueTask<RateLimitDecision> decision, long cost) =>
        Admits(notes, subject, await decision, cost);

    private bool Admits(RequestNotes notes, RateLimitSubject subject, in RateLimitDecision decision, long cost)
    {
        if (Tell(notes, subject, decision))
        {
            notes.Charge(subject.KeyId, cost);
            return true;
        }

        return false;
    }

    private async ValueTask<bool> AdmitAllAsync(RequestNotes notes, KeysOfRequest keys, long cost)
    {
        var aborted = notes.Context.RequestAborted;
        long? fewest = null;
        foreach (var verified in await ScarcestFirstAsync(keys, aborted))
        {
            var subject = limits.Of(verified);
            if (subject.IsUnlimited)
            {
                continue;
            }

            var decision = await limiter.CheckAsync(subject, cost, _charge, aborted);
            if (!Tell(notes, subject, decision, isTold: fewest <= decision.Remaining))
            {
                return false;
            }

            fewest = Math.Min(fewest ?? long.MaxValue, decision.Remaining);
        }

        notes.Charge(keys[0].Key.Id, cost);
        return true;
    }

    /// <summary>Tells the caller what was decided.</summary>
    /// <returns>Whether the request may go on.</returns>
    private bool Tell(RequestNotes notes, RateLimitSubject subject, in RateLimitDecision decision, bool isTold = false)
    {
        metrics.Limited(decision.IsTenantLimit ? "tenant" : "key", decision.IsAdmitted);
        if (!decision.IsAdmitted)
        {
            Refuse(notes, subject, decision);
        }
        else if (!isTold)
        {
            headers.Note(notes, subject, decision);
        }

        return decision.IsAdmitted;
    }

    /// <summary>Of several keys the one nearest to its limit is asked first: where it refuses, no other is charged.</summary>
    private async ValueTask<IEnumerable<VerifiedApiKey>> ScarcestFirstAsync(KeysOfRequest keys, CancellationToken cancellationToken)
    {
        var remaining = new List<(VerifiedApiKey Verified, long Remaining)>();
        foreach (var verified in keys.All())
        {
            var decision = await limiter.CheckAsync(limits.Of(verified), 0, RateLimitCharge.IfAdmitted, cancellationToken);
            remaining.Add((verified, decision.Remaining));
        }

        return remaining.OrderBy(key => key.Remaining).Select(key => key.Verified);
    }

    private void Refuse(RequestNotes notes, RateLimitSubject subject, in RateLimitDecision decision)
    {
        if (decision.IsUnavailable)
        {
            notes.Refuse(ApiKeyRefusal.StoreUnavailable(RateLimitHeaders.WholeSeconds(decision.RetryAfter) ?? 1));
            return;
        }

        Log.RateLimited(logger, subject.KeyId, decision.Limit);
        headers.Note(notes, subject, decision);
        notes.Refuse(ApiKeyRefusal.RateLimited(decision.Limit, RateLimitHeaders.WholeSeconds(decision.RetryAfter)));
    }
}
