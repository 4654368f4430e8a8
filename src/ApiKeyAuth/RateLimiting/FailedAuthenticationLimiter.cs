using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.RateLimiting.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Limits failed authentications by network, and charges rejected requests if the options say so.</summary>
/// <remarks>
/// It counts after the authentication and by network, so that no attacker can lock out a valid key. The network is
/// <c>Connection.RemoteIpAddress</c>, as set by the host's forwarded-headers middleware. This class reads no header.
/// </remarks>
internal sealed class FailedAuthenticationLimiter(
    IApiKeyRateLimiter limiter, RateLimitResolver limits, EndpointCosts endpoints,
    ApiKeyRateLimitOptions options, TimeProvider clock, ApiKeyMetrics metrics, ILogger<FailedAuthenticationLimiter> logger)
{
    private readonly NetworkRateLimiter? _networks =
        options.FailedAuthentications is { } limit ? new NetworkRateLimiter(clock, limit) : null;

    /// <summary>Counts a failed authentication on a request for which the app then threw an exception.</summary>
    /// <returns><see langword="true"/> if the authentication failed; otherwise, <see langword="false"/>.</returns>
    public bool TryRecordFailure(ApiKeyRequestFeature feature)
    {
        if (_networks is null || !IsKeyRejected(feature))
        {
            return false;
        }

        RecordFailure(feature, _networks);
        return true;
    }

    /// <summary>Counts a failed authentication, or charges a rejected request.</summary>
    public Task CountAsync(ApiKeyRequestFeature feature)
    {
        if (_networks is not null && IsKeyRejected(feature))
        {
            CountRejectedKey(feature, _networks);
        }
        else if (options.ChargeRejectedRequests
            && feature is { IsKeyRejected: false, ChargedKeyId: null }
            && feature.Context.Response.StatusCode == StatusCodes.Status403Forbidden)
        {
            return ChargeRejectedRequestAsync(feature.Context);
        }

        return Task.CompletedTask;
    }

    // A key that another scheme accepted does not count as rejected.
    private static bool IsKeyRejected(ApiKeyRequestFeature feature) =>
        feature is { IsKeyRejected: true, IsFailureCounted: false } && AuthenticatedKeys.GetAll(feature.Context).Count == 0;

    private void CountRejectedKey(ApiKeyRequestFeature feature, NetworkRateLimiter networks)
    {
        var decision = RecordFailure(feature, networks);
        metrics.RecordLimiterDecision("failed_authentication", decision.IsAdmitted);
        if (!decision.IsAdmitted && feature.Error is { StatusCode: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden })
        {
            feature.ReplaceError(ApiKeyError.TooManyFailures(decision.Limit, RateLimitHeaderWriter.ToWholeSeconds(decision.RetryAfter)));
        }
    }

    private RateLimitDecision RecordFailure(ApiKeyRequestFeature feature, NetworkRateLimiter networks)
    {
        feature.IsFailureCounted = true;
        var decision = networks.RecordFailure(feature.Context.Connection.RemoteIpAddress, out var unreported);
        if (unreported > 0)
        {
            Log.TooManyFailures(logger, unreported, decision.Limit);
        }

        return decision;
    }

    private async Task ChargeRejectedRequestAsync(HttpContext context)
    {
        var cost = await endpoints.GetCostAsync(context) ?? 0;
        foreach (var verified in AuthenticatedKeys.GetAll(context).AsEnumerable())
        {
            var subject = limits.Resolve(verified);
            ApiKeyRequestFeature.GetOrCreate(context).Charge(subject.KeyId, cost);
            if (cost > 0 && !subject.IsUnlimited)
            {
                await limiter.CheckAsync(subject, cost, RateLimitCharge.Always, context.RequestAborted);
            }
        }
    }
}
