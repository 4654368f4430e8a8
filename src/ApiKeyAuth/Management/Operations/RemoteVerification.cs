using System.Net;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Documents;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Management.Operations;

/// <summary>
/// Verifies a key for a caller of the same tenant, as if a request had presented it. A key that the caller may not see is reported as
/// invalid.
/// </summary>
/// <remarks>
/// The networks of the key are compared with the address in the body, never with that of the calling program, and are not checked without
/// it. Environments and audiences are checked by the rules of the scheme, and by the host of this request if the scheme selects its
/// audience by the request.
/// </remarks>
internal sealed class RemoteVerification(
    ApiKeyFormats formats,
    ApiKeyVerifier verifier,
    OwnerPermissionEvaluator owners,
    RateLimitResolver limits,
    IApiKeyRateLimiter limiter,
    UsageCounter counter,
    ApiKeyErrorOptions errors,
    IOptionsMonitor<ApiKeySchemeOptions> schemes,
    VerificationSchemeSelector schemeSelector,
    TimeProvider clock)
{
    public async Task<(ApiKeyVerificationDocument Document, ApiKeyError? Error)> VerifyAsync(
        HttpContext context, ApiKeyCaller caller, string secret, long cost, IPAddress? address)
    {
        if (!formats.TryParse(secret, out var parsed))
        {
            return (ApiKeyVerificationDocument.Invalid, null);
        }

        var environment = parsed.Environment;
        var lookup = await verifier.FindAsync(secret, clock.GetTimestamp(), context);
        if (lookup.Key is { } found && !caller.CanSee(found.Key))
        {
            return (ApiKeyVerificationDocument.Invalid, null);
        }

        var scheme = schemes.Get(schemeSelector.GetScheme(context));
        var verification = verifier.Verify(lookup, environment, context, scheme, new RemoteOrigin(address));
        if (OwnerPermissionEvaluator.AppliesTo(verification))
        {
            verification = await owners.ApplyAsync(verification, context);
        }

        var (document, error) = verification.Error is null
            ? await ChargeAsync(verification.Verified!, cost, isNetworkChecked: address is not null, context.RequestAborted)
            : Reject(verification.Error);
        if (verification.Verified is { } known)
        {
            // The network and country of the calling program are not those of the key.
            var outcome = (verification.Error ?? error)?.Code ?? document.Code ?? ApiKeyUsageOutcomes.Success;
            counter.Count(known, outcome, address, verification.VerifiedAt, isAccepted: verification.Error is null);
        }

        return (document, error);
    }

    private (ApiKeyVerificationDocument Document, ApiKeyError? Error) Reject(ApiKeyError error) =>
        (new ApiKeyVerificationDocument { Valid = false, Code = errors.GetReportedError(error).Code },
            error.StatusCode == StatusCodes.Status503ServiceUnavailable ? error : null);

    private async Task<(ApiKeyVerificationDocument Document, ApiKeyError? Error)> ChargeAsync(
        VerifiedApiKey verified, long cost, bool isNetworkChecked, CancellationToken cancellationToken)
    {
        var subject = limits.Resolve(verified);
        var document = CreateDocument(verified, isNetworkChecked);
        if (subject.IsUnlimited)
        {
            return (document, null);
        }

        var decision = await limiter.CheckAsync(subject, cost, RateLimitCharge.IfAdmitted, cancellationToken);
        if (decision.IsUnavailable)
        {
            return Reject(ApiKeyError.StoreUnavailable(RateLimitHeaderWriter.ToWholeSeconds(decision.RetryAfter) ?? 1));
        }

        document = document with { Limit = decision.Limit.ToString(), Remaining = decision.Remaining };
        return (decision.IsAdmitted
            ? document
            : document with
            {
                Valid = false,
                Code = ApiKeyErrorCodes.RateLimitExceeded,
                RetryAfter = RateLimitHeaderWriter.ToWholeSeconds(decision.RetryAfter),
            }, null);
    }

    private static ApiKeyVerificationDocument CreateDocument(VerifiedApiKey verified, bool isNetworkChecked)
    {
        var key = verified.Key;
        return new ApiKeyVerificationDocument
        {
            Valid = true,
            Id = key.Id,
            Name = key.Name,
            Kind = key.Kind,
            Environment = key.Environment,
            TenantId = key.TenantId,
            OwnerId = key.OwnerId,
            Scopes = [.. verified.Scopes],
            ExpiresAt = key.ExpiresAt?.ToString(),
            Networks = key.Networks.Count > 0 ? [.. key.Networks.Select(network => network.ToString())] : null,
            NetworksChecked = key.Networks.Count > 0 ? isNetworkChecked : null,
        };
    }
}
