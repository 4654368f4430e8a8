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
    private readonly RateLimitCharge _charge = options.ChargeRefusedRequests ? RateLimitCharge.Always : RateLimitCharge.IfAdmitted;

    public async Task InvokeAsync(HttpContext context)
    {
        if (await endpoints.CostAsync(context) is not { } cost || IsPaid(context, ref cost) || await AdmitsAsync(context, cost))
        {
            await next(context);
        }
    }

    /// <summary>Where branches have limiters of their own, one that comes after another charges only what that one did not: before a branch routes, it saw no endpoint.</summary>
    private bool IsPaid(HttpContext context, ref long cost)
    {
        if (!pipeline.HasSeveral && _charge != RateLimitCharge.Always)
        {
            return false;
        }

        var feature = RefusalFeature.Of(context);
        var endpoint = context.GetEndpoint();
        var paid = feature.Charged is { } charged && (charged.Endpoint is null || charged.Endpoint == endpoint) ? charged.Cost : 0;
        feature.Charged = (endpoint, Math.Max(cost, paid));
        cost = Math.Max(cost - paid, 0);
        return paid > 0 && cost == 0;
    }

    private async ValueTask<bool> AdmitsAsync(HttpContext context, long cost)
    {
        RateLimitSubject? tightest = null;
        var reported = default(RateLimitDecision);
        var keys = AuthenticatedKeys.Of(context);
        foreach (var verified in keys.Count > 1 ? await ScarcestFirstAsync(keys, context.RequestAborted) : keys)
        {
            var subject = limits.Of(verified);
            if (subject.IsUnlimited)
            {
                continue;
            }

            var decision = await limiter.CheckAsync(subject, cost, _charge, context.RequestAborted);
            metrics.Limited(decision.IsTenantLimit ? "tenant" : "key", decision.IsAdmitted);
            if (!decision.IsAdmitted)
            {
                Refuse(context, verified.Key.Id, subject, decision);
                return false;
            }

            if (tightest is null || decision.Remaining < reported.Remaining)
            {
                (tightest, reported) = (subject, decision);
            }
        }

        if (tightest is not null)
        {
            headers.Write(context.Response, tightest, reported);
        }

        return true;
    }

    /// <summary>Of several keys the one nearest to its limit is asked first: where it refuses, no other is charged.</summary>
    private async ValueTask<IEnumerable<VerifiedApiKey>> ScarcestFirstAsync(IReadOnlyList<VerifiedApiKey> keys, CancellationToken cancellationToken)
    {
        var remaining = new List<(VerifiedApiKey Verified, long Remaining)>();
        foreach (var verified in keys)
        {
            var decision = await limiter.CheckAsync(limits.Of(verified), 0, RateLimitCharge.IfAdmitted, cancellationToken);
            remaining.Add((verified, decision.Remaining));
        }

        return remaining.OrderBy(key => key.Remaining).Select(key => key.Verified);
    }

    private void Refuse(HttpContext context, string keyId, RateLimitSubject subject, RateLimitDecision decision)
    {
        var feature = RefusalFeature.Of(context);
        if (decision.IsUnavailable)
        {
            feature.Refuse(ApiKeyRefusal.StoreUnavailable(RateLimitHeaders.WholeSeconds(decision.RetryAfter) ?? 1));
            return;
        }

        Log.RateLimited(logger, keyId, decision.Limit.ToString());
        headers.Write(context.Response, subject, decision);
        feature.Refuse(ApiKeyRefusal.RateLimited(decision.Limit, RateLimitHeaders.WholeSeconds(decision.RetryAfter)));
    }
}
