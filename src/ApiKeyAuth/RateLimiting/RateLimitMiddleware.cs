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
        var feature = ApiKeyRequestFeature.GetOrCreate(context);
        AuthenticatedKeys.MarkAuthorized(feature);

        // The in-memory limiter completes synchronously. The rest of the pipeline then needs no state machine around it.
        var isAdmitted = TryChargeAsync(feature);
        return !isAdmitted.IsCompletedSuccessfully ? ContinueAsync(isAdmitted, context)
            : isAdmitted.Result ? next(context)
            : Task.CompletedTask;
    }

    private async Task ContinueAsync(ValueTask<bool> isAdmitted, HttpContext context)
    {
        if (await isAdmitted)
        {
            await next(context);
        }
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

    private async ValueTask<bool> TryChargeAsync(ApiKeyRequestFeature feature)
    {
        if (await endpoints.GetCostAsync(feature.Context) is not { } cost)
        {
            return true;
        }

        var keys = AuthenticatedKeys.GetAll(feature.Context);
        if (keys.Count == 0 || IsAlreadyCharged(feature, keys, ref cost))
        {
            return true;
        }

        if (keys.Count > 1)
        {
            return await TryChargeAllAsync(feature, keys, cost);
        }

        var subject = limits.Resolve(keys[0]);
        if (subject.IsUnlimited)
        {
            return true;
        }

        var decision = await limiter.CheckAsync(subject, cost, _charge, _isLimiterAsync ? feature.Context.RequestAborted : default);
        if (!ApplyDecision(feature, subject, decision))
        {
            return false;
        }

        feature.Charge(subject.KeyId, cost);
        return true;
    }

    private async ValueTask<bool> TryChargeAllAsync(ApiKeyRequestFeature feature, RequestKeys keys, long cost)
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
