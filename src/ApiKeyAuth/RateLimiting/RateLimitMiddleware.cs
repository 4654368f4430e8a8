using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.RateLimiting.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Charges the keys that were authorized for the request, and rejects a request that exceeds a limit.</summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next, IApiKeyRateLimiter limiter, RateLimitResolver limits, EndpointCosts endpoints, RateLimitHeaderWriter headers,
    ApiKeyRateLimitOptions options, ApiKeyMetrics metrics, ILogger<RateLimitMiddleware> logger)
{
    // The in-memory limiter completes synchronously and needs no cancellation token.
    private readonly bool _isLimiterAsync = limiter is not InMemoryRateLimiter;
    private readonly RateLimitCharge _charge = options.ChargeRejectedRequests ? RateLimitCharge.Always : RateLimitCharge.IfAdmitted;

    public Task InvokeAsync(HttpContext context)
    {
        AuthenticatedKeys.MarkAuthorized(ApiKeyRequestFeature.GetOrCreate(context));

        // A check usually completes synchronously; then no async state machine is needed.
        var cost = endpoints.GetCostAsync(context);
        var isAdmitted = cost.IsCompletedSuccessfully ? TryAdmitAsync(context, cost.Result) : TryAdmitAsync(context, cost);
        return !isAdmitted.IsCompletedSuccessfully ? AwaitAsync(isAdmitted, context)
            : isAdmitted.Result ? next(context)
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
        if (cost is not { } remainingCost)
        {
            return new(true);
        }

        var keys = AuthenticatedKeys.GetAll(context);
        if (keys.Count == 0)
        {
            return new(true);
        }

        var feature = ApiKeyRequestFeature.GetOrCreate(context);
        return IsAlreadyCharged(feature, keys, ref remainingCost) ? new(true)
            : keys.Count == 1 ? TryAdmitAsync(feature, keys[0], remainingCost)
            : TryAdmitAllAsync(feature, keys, remainingCost);
    }

    /// <summary>
    /// Determines whether nothing is left to charge. A request that runs through the pipeline again is charged once, with the highest cost
    /// of its endpoints; an error page costs nothing.
    /// </summary>
    private static bool IsAlreadyCharged(ApiKeyRequestFeature feature, in RequestKeys keys, ref long cost)
    {
        if (feature.HasRun && feature.Context.IsErrorPage())
        {
            return true;
        }

        if (feature.ChargedKeyId is not { } charged
            || (keys.Count == 1 && !string.Equals(charged, keys[0].Key.Id, StringComparison.Ordinal)))
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
        return decision.IsCompletedSuccessfully
            ? new(TryAdmit(feature, subject, decision.Result, cost))
            : AwaitAsync(feature, subject, decision, cost);
    }

    private async ValueTask<bool> AwaitAsync(
        ApiKeyRequestFeature feature, RateLimitSubject subject, ValueTask<RateLimitDecision> decision, long cost) =>
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

    /// <summary>Applies a decision to the response.</summary>
    /// <returns><see langword="true"/> if the request is admitted; otherwise, <see langword="false"/>.</returns>
    private bool ApplyDecision(
        ApiKeyRequestFeature feature, RateLimitSubject subject, in RateLimitDecision decision, bool skipHeaders = false)
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

    // The key with the fewest remaining permits is first: if it is rejected, no other key is charged.
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
