using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.RateLimiting.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Charges the keys of the endpoint's own principal, after authorization; a request over the limit goes no further.</summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next, IApiKeyRateLimiter limiter, RateLimitResolver limits, EndpointCosts endpoints, RateLimitHeaderWriter headers,
    ApiKeyRateLimitOptions options, ApiKeyMetrics metrics, ILogger<RateLimitMiddleware> logger)
{
    // The one in memory decides at once: it need not be told when the caller gives up.
    private readonly bool _isLimiterAsync = limiter is not InMemoryRateLimiter;
    private readonly RateLimitCharge _charge = options.ChargeRejectedRequests ? RateLimitCharge.Always : RateLimitCharge.IfAdmitted;

    public Task InvokeAsync(HttpContext context)
    {
        AuthenticatedKeys.MarkAuthorized(ApiKeyRequestFeature.GetOrCreate(context));
        // Nearly always nothing is waited for: then no state machine stands between the limiter and the endpoint.
        var cost = endpoints.GetCostAsync(context);
        var admits = cost.IsCompletedSuccessfully ? TryAdmitAsync(context, cost.Result) : TryAdmitAsync(context, cost);
        return !admits.IsCompletedSuccessfully ? AwaitAsync(admits, context)
            : admits.Result ? next(context)
            : Task.CompletedTask;
    }

    private async Task AwaitAsync(ValueTask<bool> isAdmitted, HttpContext context)
    {
        if (await isAdmitted)
        {
            await next(context);
        }
    }

    private async ValueTask<bool> TryAdmitAsync(HttpContext context, ValueTask<long?> cost) => await TryAdmitAsync(context, await cost);

    private ValueTask<bool> TryAdmitAsync(HttpContext context, long? cost)
    {
        if (cost is not { } due)
        {
            return new(true);
        }

        var keys = AuthenticatedKeys.GetAll(context);
        if (keys.Count == 0)
        {
            return new(true);
        }

        var notes = ApiKeyRequestFeature.GetOrCreate(context);
        return IsAlreadyCharged(notes, keys, ref due) ? new(true)
            : keys.Count == 1 ? TryAdmitAsync(notes, keys[0], due)
            : TryAdmitAllAsync(notes, keys, due);
    }

    /// <summary>
    /// Determines whether nothing is left to charge: a request costs as much as the dearest endpoint it reaches, once, and an error page
    /// nothing.
    /// </summary>
    private static bool IsAlreadyCharged(ApiKeyRequestFeature feature, in RequestKeys keys, ref long cost)
    {
        if (feature.HasRun && feature.Context.IsErrorPage())
        {
            return true;
        }

        if (feature.ChargedKeyId is not { } charged || (keys.Count == 1 && !string.Equals(charged, keys[0].Key.Id, StringComparison.Ordinal)))
        {
            return false;
        }

        cost -= feature.ChargedCost;
        return cost <= 0;
    }

    private ValueTask<bool> TryAdmitAsync(ApiKeyRequestFeature feature, VerifiedApiKey verified, long cost)
    {
        var subject = limits.Resolve(verified);
        if (subject.IsUnlimited)
        {
            return new(true);
        }

        var decision = limiter.CheckAsync(subject, cost, _charge, _isLimiterAsync ? feature.Context.RequestAborted : default);
        return decision.IsCompletedSuccessfully ? new(TryAdmit(feature, subject, decision.Result, cost)) : AwaitAsync(feature, subject, decision, cost);
    }

    private async ValueTask<bool> AwaitAsync(ApiKeyRequestFeature feature, RateLimitSubject subject, ValueTask<RateLimitDecision> decision, long cost) =>
        TryAdmit(feature, subject, await decision, cost);

    private bool TryAdmit(ApiKeyRequestFeature feature, RateLimitSubject subject, in RateLimitDecision decision, long cost)
    {
        if (ApplyDecision(feature, subject, decision))
        {
            feature.Charge(subject.KeyId, cost);
            return true;
        }

        return false;
    }

    private async ValueTask<bool> TryAdmitAllAsync(ApiKeyRequestFeature feature, RequestKeys keys, long cost)
    {
        var aborted = feature.Context.RequestAborted;
        long? fewest = null;
        foreach (var verified in await OrderByRemainingAsync(keys, aborted))
        {
            var subject = limits.Resolve(verified);
            if (subject.IsUnlimited)
            {
                continue;
            }

            var decision = await limiter.CheckAsync(subject, cost, _charge, aborted);
            if (!ApplyDecision(feature, subject, decision, skipHeaders: fewest <= decision.Remaining))
            {
                return false;
            }

            fewest = Math.Min(fewest ?? long.MaxValue, decision.Remaining);
        }

        feature.Charge(keys[0].Key.Id, cost);
        return true;
    }

    /// <summary>Tells the caller what was decided.</summary>
    /// <returns>Whether the request may go on.</returns>
    private bool ApplyDecision(ApiKeyRequestFeature feature, RateLimitSubject subject, in RateLimitDecision decision, bool skipHeaders = false)
    {
        metrics.RecordLimiterDecision(decision.IsTenantLimit ? "tenant" : "key", decision.IsAdmitted);
        if (!decision.IsAdmitted)
        {
            Reject(feature, subject, decision);
        }
        else if (!skipHeaders)
        {
            headers.Write(feature, subject, decision);
        }

        return decision.IsAdmitted;
    }

    /// <summary>Of several keys the one nearest to its limit is asked first: where it refuses, no other is charged.</summary>
    private async ValueTask<IEnumerable<VerifiedApiKey>> OrderByRemainingAsync(RequestKeys keys, CancellationToken cancellationToken)
    {
        var remaining = new List<(VerifiedApiKey Verified, long Remaining)>();
        foreach (var verified in keys.AsEnumerable())
        {
            var decision = await limiter.CheckAsync(limits.Resolve(verified), 0, RateLimitCharge.IfAdmitted, cancellationToken);
            remaining.Add((verified, decision.Remaining));
        }

        return remaining.OrderBy(key => key.Remaining).Select(key => key.Verified);
    }

    private void Reject(ApiKeyRequestFeature feature, RateLimitSubject subject, in RateLimitDecision decision)
    {
        if (decision.IsUnavailable)
        {
            feature.Reject(ApiKeyError.StoreUnavailable(RateLimitHeaderWriter.ToWholeSeconds(decision.RetryAfter) ?? 1));
            return;
        }

        Log.RateLimitExceeded(logger, subject.KeyId, decision.Limit);
        headers.Write(feature, subject, decision);
        feature.Reject(ApiKeyError.RateLimited(decision.Limit, RateLimitHeaderWriter.ToWholeSeconds(decision.RetryAfter)));
    }
}
