using ApiKeyAuth.Authentication;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Counts refused keys by the network they come from, and charges refused requests where an option says so.</summary>
/// <remarks>
/// It counts afterwards and by network: a stranger cannot lock a customer out, and a valid key is never held up. The network is
/// <c>Connection.RemoteIpAddress</c> as the host's forwarded-headers settings left it; no header is read here.
/// </remarks>
internal sealed class RefusedRequestMiddleware(
    RequestDelegate next, IApiKeyRateLimiter limiter, EffectiveLimits limits, LimitedEndpoints endpoints,
    ApiKeyRateLimitOptions options, TimeProvider clock, ApiKeyMetrics metrics, ILogger<RefusedRequestMiddleware> logger)
{
    private readonly NetworkRateLimiter? _networks = options.FailedAuthentications is { } limit ? new NetworkRateLimiter(clock, limit) : null;

    public Task InvokeAsync(HttpContext context)
    {
        // Authentication comes next, and throws through its task alone.
        var request = next(context);
        return request.IsCompletedSuccessfully ? FinishAsync(context) : AwaitAsync(request, context);
    }

    private async Task AwaitAsync(Task request, HttpContext context)
    {
        try
        {
            await request;
        }
        catch when (IsKeyRefused(context))
        {
            _networks?.Charge(context.Connection.RemoteIpAddress);
            throw;
        }

        await FinishAsync(context);
    }

    private Task FinishAsync(HttpContext context)
    {
        if (context.Features.Get<RefusalFeature>() is not { } feature)
        {
            return Task.CompletedTask;
        }

        if (_networks is not null && IsKeyRefused(context))
        {
            CountRefusedKey(context, feature, _networks);
        }
        else if (options.ChargeRefusedRequests && feature is { KeyRefused: false, Charged: null } && context.Response.StatusCode == StatusCodes.Status403Forbidden)
        {
            return ChargeAsync(context);
        }

        return Task.CompletedTask;
    }

    /// <summary>A key that one scheme refuses and another accepts was not refused.</summary>
    private static bool IsKeyRefused(HttpContext context) =>
        context.Features.Get<RefusalFeature>() is { KeyRefused: true } && AuthenticatedKeys.Of(context).Count == 0;

    private void CountRefusedKey(HttpContext context, RefusalFeature feature, NetworkRateLimiter networks)
    {
        var decision = networks.Charge(context.Connection.RemoteIpAddress);
        metrics.Limited("failed_authentication", decision.IsAdmitted);
        if (!decision.IsAdmitted && feature.Refusal is { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden })
        {
            Log.FailuresLimited(logger);
            feature.Replace(ApiKeyRefusal.RateLimited(decision.Limit, RateLimitHeaders.WholeSeconds(decision.RetryAfter)));
        }
    }

    private async Task ChargeAsync(HttpContext context)
    {
        var cost = await endpoints.CostAsync(context) ?? 0;
        foreach (var verified in AuthenticatedKeys.Of(context))
        {
            var subject = limits.Of(verified);
            if (cost > 0 && !subject.IsUnlimited)
            {
                await limiter.CheckAsync(subject, cost, RateLimitCharge.Always, context.RequestAborted);
            }
        }
    }
}
