using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Documents;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage.History;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management.Self;

/// <summary>Reads the key of a caller for the caller itself, with what is left of its limits and its usage of the last day.</summary>
internal sealed class OwnKeyReader(
    RateLimitResolver limits, IApiKeyRateLimiter limiter, IServiceProviderIsService services, TimeProvider clock)
{
    private static readonly ApiKeyError NoKey = Problems.Forbidden("The caller does not use an API key");

    public async Task<ApiKeyResult<OwnApiKeyDocument>> ReadAsync(HttpContext context, ApiKeyCaller caller)
    {
        if (caller.KeyId is null || AuthenticatedKeys.FindActingKey(context) is not { } verified)
        {
            return NoKey;
        }

        var subject = limits.Resolve(verified);
        var (remaining, unavailable) = await ReadLimitsAsync(subject, context.RequestAborted);
        if (unavailable is not null)
        {
            return unavailable;
        }

        var (usage, problem) = await ReadUsageAsync(context, caller);
        return problem is not null ? problem : CreateDocument(verified, subject) with { Limits = remaining, Usage = usage };
    }

    /// <summary>Reads what is left of each limit. A check without a cost charges nothing.</summary>
    private async Task<(OwnApiKeyDocument.LimitDocument[] Limits, ApiKeyError? Error)> ReadLimitsAsync(
        RateLimitSubject subject, CancellationToken cancellationToken)
    {
        var limits = new List<OwnApiKeyDocument.LimitDocument>();
        foreach (var (limit, isTenantLimit) in subject.KeyLimits.Select(limit => (limit, false))
            .Concat(subject.TenantLimits.Select(limit => (limit, true))))
        {
            var decision = await limiter.CheckAsync(
                RaiseOthers(subject, limit, isTenantLimit), cost: 0, RateLimitCharge.IfAdmitted, cancellationToken);
            if (decision.IsUnavailable)
            {
                return ([], ApiKeyError.StoreUnavailable(RateLimitHeaderWriter.ToWholeSeconds(decision.RetryAfter) ?? 1));
            }

            limits.Add(new(
                limit.ToString(), decision.Remaining, RateLimitDecision.ToWholeSeconds(decision.ResetAfter), isTenantLimit));
        }

        return ([.. limits], null);
    }

    /// <summary>Raises all limits but one to the maximum, because a limiter reports the limit with the fewest remaining requests.</summary>
    /// <remarks>The windows are the same, so that the limiter finds the state of the key as it is.</remarks>
    private static RateLimitSubject RaiseOthers(RateLimitSubject subject, RateLimit kept, bool isTenantLimit)
    {
        return new RateLimitSubject(
            subject.KeyId, Raise(subject.KeyLimits, !isTenantLimit), subject.TenantId, Raise(subject.TenantLimits, isTenantLimit));

        RateLimit[] Raise(IReadOnlyList<RateLimit> limits, bool keeps) =>
            [.. limits.Select(limit => keeps && limit == kept ? limit : new RateLimit(RateLimit.MaxPermits, limit.Window))];
    }

    /// <summary>Reads the usage, if the key is in the writable store and the store counts usage.</summary>
    private async Task<(OwnApiKeyDocument.UsageDocument? Usage, ApiKeyError? Error)> ReadUsageAsync(
        HttpContext context, ApiKeyCaller caller)
    {
        if (!services.IsService(typeof(IWritableApiKeyStore)))
        {
            return (null, null);
        }

        var reader = context.RequestServices.GetRequiredService<UsageReader>();
        var request = new ApiKeyUsageRequest { From = clock.GetUtcNow().AddDays(-1) };
        var read = await reader.ReadAsync(caller, caller.KeyId!, request, context.RequestAborted);
        return !read.Succeeded ? (null, read.Error.Code == ApiKeyErrorCodes.NotFound ? null : read.Error)
            : (new(
                KeyDocumentMapper.FormatTime(read.Value.From),
                KeyDocumentMapper.FormatTime(read.Value.To),
                read.Value.Requests,
                read.Value.Succeeded,
                read.Value.Failed,
                KeyDocumentMapper.FormatTime(read.Value.LastUsedAt)), null);
    }

    private static OwnApiKeyDocument CreateDocument(VerifiedApiKey verified, RateLimitSubject subject)
    {
        var (key, secret) = (verified.Key, verified.Secret);
        return new OwnApiKeyDocument
        {
            Id = key.Id,
            Name = key.Name,
            Kind = key.Kind,
            Environment = key.Environment,
            TenantId = key.TenantId,
            OwnerId = key.OwnerId,
            Scopes = [.. verified.Scopes],
            ExpiresAt = key.ExpiresAt?.ToString(),
            ExpiresAfterIdleDays = key.ExpiresAfterIdleDays,
            Secret = new(
                secret.Hint, KeyDocumentMapper.FormatTime(secret.CreatedAt), KeyDocumentMapper.FormatTime(secret.ExpiresAt)),
            RateLimits = [.. subject.KeyLimits.Concat(subject.TenantLimits).Select(limit => limit.ToString())],
            Limits = [],
            Usage = null,
        };
    }
}
