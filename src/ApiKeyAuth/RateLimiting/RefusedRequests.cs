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
internal sealed class RefusedRequests(
    IApiKeyRateLimiter limiter, EffectiveLimits limits, LimitedEndpoints endpoints,
    ApiKeyRateLimitOptions options, TimeProvider clock, ApiKeyMetrics metrics, ILogger<RefusedRequests> logger)
{
    private readonly NetworkRateLimiter? _networks = options.FailedAuthentications is { } limit ? new NetworkRateLimiter(clock, limit) : null;

    /// <summary>Counts a key that was refused on a request whose app then failed.</summary>
    /// <returns>Whether one was.</returns>
    public bool ChargeFailed(RequestNotes notes)
    {
        if (_networks is null || !IsKeyRefused(notes))
        {
            return false;
        }

        Charge(notes, _networks);
        return true;
    }

    /// <summary>Counts the key where one was refused, or charges the request that was.</summary>
    public Task CountAsync(RequestNotes notes)
    {
        if (_networks is not null && IsKeyRefused(notes))
        {
            CountRefusedKey(notes, _networks);
        }
        else if (options.ChargeRefusedRequests && notes is { KeyRefused: false, ChargedKeyId: null } && notes.Context.Response.StatusCode == StatusCodes.Status403Forbidden)
        {
            return ChargeAsync(notes.Context);
        }

        return Task.CompletedTask;
    }

    /// <summary>A key that one scheme refuses and another accepts was not refused.</summary>
    private static bool IsKeyRefused(RequestNotes notes) => notes is { KeyRefused: true, KeyCounted: false } && AuthenticatedKeys.Of(notes.Context).Count == 0;

    private void CountRefusedKey(RequestNotes notes, NetworkRateLimiter networks)
    {
        var decision = Charge(notes, networks);
        metrics.Limited("failed_authentication", decision.IsAdmitted);
        if (!decision.IsAdmitted && notes.Refusal is { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden })
        {
            notes.Replace(ApiKeyRefusal.TooManyFailures(decision.Limit, RateLimitHeaders.WholeSeconds(decision.RetryAfter)));
        }
    }

    private RateLimitDecision Charge(RequestNotes notes, NetworkRateLimiter networks)
    {
        notes.KeyCounted = true;
        var decision = networks.Charge(notes.Context.Connection.RemoteIpAddress, out var unreported);
        if (unreported > 0)
        {
            Log.TooManyFailures(logger, unreported, decision.Limit);
        }

        return decision;
    }

    private async Task ChargeAsync(HttpContext context)
    {
        var cost = await endpoints.CostAsync(context) ?? 0;
        foreach (var verified in AuthenticatedKeys.Of(context).All())
        {
            var subject = limits.Of(verified);
            RequestNotes.Of(context).Charge(subject.KeyId, cost);
            if (cost > 0 && !subject.IsUnlimited)
            {
                await limiter.CheckAsync(subject, cost, RateLimitCharge.Always, context.RequestAborted);
            }
        }
    }
}
