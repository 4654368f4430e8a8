using ApiKeyAuth.Authentication;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Management;

/// <summary>Judges a key as a request that carried it would be judged, for a caller of the same tenant; of a key that is not his to see it tells nothing.</summary>
/// <remarks>
/// The key's networks are judged by the address that the program names, never by the program's own, and not at all if it names none.
/// Environments and audiences are judged by the scheme, and by the host of this request if the scheme chooses its audience by the request.
/// </remarks>
internal sealed class RemoteVerification(
    ApiKeyFormats formats, ApiKeyVerifier verifier, OwnerPermissions owners, EffectiveLimits limits, IApiKeyRateLimiter limiter,
    UsageCounter counter, ApiKeyErrorOptions errors, IOptionsMonitor<ApiKeySchemeOptions> schemes, RemoteScheme scheme,
    TimeProvider clock)
{
    public async Task<(ApiKeyVerificationDocument Document, ApiKeyRefusal? Refusal)> VerifyAsync(HttpContext context, ApiKeyCaller caller, SecretBody body)
    {
        if (!formats.TryParse(body.Secret, out var parsed))
        {
            return (ApiKeyVerificationDocument.Invalid, null);
        }

        var environment = parsed.Environment;
        var lookup = await verifier.FindAsync(body.Secret, clock.GetTimestamp(), context);
        if (lookup.Found is { } found && !caller.Sees(found.Key))
        {
            return (ApiKeyVerificationDocument.Invalid, null);
        }

        var verification = verifier.Verify(lookup, environment, context, schemes.Get(scheme.Of(context)), new RemoteOrigin(body.Address));
        if (OwnerPermissions.Concern(verification))
        {
            verification = await owners.ApplyAsync(verification, context);
        }

        var (document, refusal) = verification.Refusal is null
            ? await ChargeAsync(verification.Verified!, body, context.RequestAborted)
            : Refuse(verification.Refusal);
        if (verification.Verified is { } known)
        {
            // The program's own network and country are not those of the key.
            var outcome = (verification.Refusal ?? refusal)?.Code ?? document.Code ?? ApiKeyUsageOutcomes.Success;
            counter.Count(known, outcome, body.Address, verification.At);
        }

        return (document, refusal);
    }

    private (ApiKeyVerificationDocument Document, ApiKeyRefusal? Refusal) Refuse(ApiKeyRefusal refusal) =>
        (new ApiKeyVerificationDocument { Valid = false, Code = errors.Fold(refusal).Code },
            refusal.Status == StatusCodes.Status503ServiceUnavailable ? refusal : null);

    private async Task<(ApiKeyVerificationDocument Document, ApiKeyRefusal? Refusal)> ChargeAsync(
        VerifiedApiKey verified, SecretBody body, CancellationToken cancellationToken)
    {
        var subject = limits.Of(verified);
        var document = Describe(verified, isNetworkChecked: body.Address is not null);
        if (subject.IsUnlimited)
        {
            return (document, null);
        }

        var decision = await limiter.CheckAsync(subject, body.Cost, RateLimitCharge.IfAdmitted, cancellationToken);
        if (decision.IsUnavailable)
        {
            return Refuse(ApiKeyRefusal.StoreUnavailable(RateLimitHeaders.WholeSeconds(decision.RetryAfter) ?? 1));
        }

        document = document with { Limit = decision.Limit.ToString(), Remaining = decision.Remaining };
        return (decision.IsAdmitted
            ? document
            : document with { Valid = false, Code = ApiKeyErrorCodes.RateLimitExceeded, RetryAfter = RateLimitHeaders.WholeSeconds(decision.RetryAfter) }, null);
    }

    private static ApiKeyVerificationDocument Describe(VerifiedApiKey verified, bool isNetworkChecked)
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
