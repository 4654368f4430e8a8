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
    ApiKeyRateLimitOptions options, ILimiterPipeline pipeline, ApiKeyMetrics metrics, ILogger<RateLimitMiddleware> logger)
{
    // The one in memory decides at once: it need not be told when the caller gives up.
    private readonly bool _waits = limiter is not InMemoryRateLimiter;
    private readonly RateLimitCharge _charge = options.ChargeRefusedRequests ? RateLimitCharge.Always : RateLimitCharge.IfAdmitted;

    public Task InvokeAsync(HttpContext context)
    {
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
        if (cost is not { } due || IsPaid(context, ref due))
        {
            return new(true);
        }

        var keys = AuthenticatedKeys.Of(context);
        return keys.Count switch
        {
            0 => new(true),
            1 => AdmitsAsync(context, keys[0], due),
            _ => AdmitAllAsync(context, keys, due),
        };
    }

    /// <summary>Where branches have limiters of their own, one that comes after another charges only what that one did not: before a branch routes, it saw no endpoint.</summary>
    private bool IsPaid(HttpContext context, ref long cost)
    {
        if (!pipeline.HasSeveral && _charge != RateLimitCharge.Always)
        {
            return false;
        }

        var notes = RequestNotes.Of(context);
        var endpoint = context.GetEndpoint();
        var paid = notes.Charged is { } charged && (charged.Endpoint is null || charged.Endpoint == endpoint) ? charged.Cost : 0;
        notes.Charged = new RequestCharge(endpoint, Math.Max(cost, paid));
        cost = Math.Max(cost - paid, 0);
        return paid > 0 && cost == 0;
    }

    private ValueTask<bool> AdmitsAsync(HttpContext context, VerifiedApiKey verified, long cost)
    {
        var subject = limits.Of(verified);
        if (subject.IsUnlimited)
        {
            return new(true);
        }

        var decision = limiter.CheckAsync(subject, cost, _charge, _waits ? context.RequestAborted : default);
        return decision.IsCompletedSuccessfully ? new(Tell(context, verified, subject, decision.Result)) : AwaitAsync(context, verified, subject, decision);
    }

    private async ValueTask<bool> AwaitAsync(HttpContext context, VerifiedApiKey verified, RateLimitSubject subject, ValueTask<RateLimitDecision> decision) =>
        Tell(context, verified, subject, await decision);

    private async ValueTask<bool> AdmitAllAsync(HttpContext context, KeysOfRequest keys, long cost)
    {
        long? fewest = null;
        foreach (var verified in await ScarcestFirstAsync(keys, context.RequestAborted))
        {
            var subject = limits.Of(verified);
            if (subject.IsUnlimited)
            {
                continue;
            }

            var decision = await limiter.CheckAsync(subject, cost, _charge, context.RequestAborted);
            if (!Tell(context, verified, subject, decision, isTold: fewest <= decision.Remaining))
            {
                return false;
            }

            fewest = Math.Min(fewest ?? long.MaxValue, decision.Remaining);
        }

        return true;
    }

    /// <summary>Tells the caller what was decided.</summary>
    /// <returns>Whether the request may go on.</returns>
    private bool Tell(HttpContext context, VerifiedApiKey verified, RateLimitSubject subject, in RateLimitDecision decision, bool isTold = false)
    {
        metrics.Limited(decision.IsTenantLimit ? "tenant" : "key", decision.IsAdmitted);
        if (!decision.IsAdmitted)
        {
            Refuse(context, verified.Key.Id, subject, decision);
        }
        else if (!isTold)
        {
            headers.Write(context.ResponseHeaders(), subject, decision);
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

    private void Refuse(HttpContext context, string keyId, RateLimitSubject subject, in RateLimitDecision decision)
    {
        var notes = RequestNotes.Of(context);
        if (decision.IsUnavailable)
        {
            notes.Refuse(ApiKeyRefusal.StoreUnavailable(RateLimitHeaders.WholeSeconds(decision.RetryAfter) ?? 1));
            return;
        }

        Log.RateLimited(logger, keyId, decision.Limit);
        headers.Write(context.ResponseHeaders(), subject, decision);
        notes.Refuse(ApiKeyRefusal.RateLimited(decision.Limit, RateLimitHeaders.WholeSeconds(decision.RetryAfter)));
    }
}
