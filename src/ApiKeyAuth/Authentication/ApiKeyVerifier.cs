using System.Net;
using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Verifies keys that were looked up. Checks the status, expiration, environment, network and audience, in this order.</summary>
internal sealed class ApiKeyVerifier(ApiKeyCache cache, ApiKeyHasher hasher, ApiKeyCacheOptions options, TimeProvider clock)
{
    /// <summary>
    /// Gets the error that is returned if a store or another dependency does not respond. The caller may retry after the delay.
    /// </summary>
    public ApiKeyError UnavailableError { get; } =
        ApiKeyError.StoreUnavailable((long)Math.Ceiling(Math.Max(1, options.StoreTimeout.TotalSeconds)));

    /// <summary>Finds the key of a well-formed secret. If the key is cached, the call completes synchronously.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="now">The timestamp of the clock, read after the request arrived.</param>
    /// <param name="context">The HTTP context.</param>
    public ValueTask<ApiKeyLookupResult> FindAsync(ReadOnlySpan<char> secret, long now, HttpContext context)
    {
        var tag = SecretTag.Compute(secret);
        return cache.TryGet(tag, now, out var lookup)
            ? new(lookup)
            : new(cache.LoadAsync(tag, hasher.ComputeDigests(secret), context.RequestAborted));
    }

    /// <summary>Verifies a key that was looked up.</summary>
    /// <param name="lookup">The result of the lookup.</param>
    /// <param name="environment">The environment in the text of the key, or null.</param>
    /// <param name="context">The HTTP context.</param>
    /// <param name="scheme">The options of the scheme that verifies the key.</param>
    /// <param name="origin">
    /// The origin of the key if another program verifies it remotely, or null if the request itself contains the key.
    /// </param>
    public VerificationResult Verify(
        ApiKeyLookupResult lookup, string? environment, HttpContext context, ApiKeySchemeOptions scheme, RemoteOrigin? origin = null)
    {
        if (lookup.Key is not { } found)
        {
            return lookup.IsUnavailable
                ? VerificationResult.Rejected(AuthenticationOutcome.StoreUnavailable, UnavailableError)
                : VerificationResult.Rejected(AuthenticationOutcome.Unknown, ApiKeyError.Invalid);
        }

        var now = clock.GetUtcNow();
        return CheckStatus(found, now)
            ?? CheckRestrictions(found, environment, context, scheme, origin)
            ?? VerificationResult.Accepted(found, now.UtcTicks);
    }

    private static VerificationResult? CheckStatus(VerifiedApiKey found, DateTimeOffset now) =>
        found.Key.GetStatus(now) switch
        {
            ApiKeyStatus.Revoked => VerificationResult.Rejected(AuthenticationOutcome.Revoked, ApiKeyError.Invalid, found),
            ApiKeyStatus.Disabled => VerificationResult.Rejected(AuthenticationOutcome.Disabled, ApiKeyError.Invalid, found),
            ApiKeyStatus.Expired => VerificationResult.Rejected(
                AuthenticationOutcome.Expired, ApiKeyError.Expired(found.Key.ExpiresAt!.Value), found),
            ApiKeyStatus.Pending => VerificationResult.Rejected(AuthenticationOutcome.Pending, ApiKeyError.Invalid, found),
            ApiKeyStatus.Idle => VerificationResult.Rejected(
                AuthenticationOutcome.Idle,
                ApiKeyError.ExpiredByIdleness(found.Key.ExpiresAfterIdleDays!.Value, found.Key.GetIdleExpiration()!.Value),
                found),
            _ when found.Secret.ExpiresAt is { } end && now >= end =>
                VerificationResult.Rejected(AuthenticationOutcome.SecretRetired, ApiKeyError.Expired(new ApiKeyExpiry(end)), found),
            _ => null,
        };

    private static VerificationResult? CheckRestrictions(
        VerifiedApiKey found, string? environment, HttpContext context, ApiKeySchemeOptions scheme, RemoteOrigin? origin)
    {
        var key = found.Key;
        if (scheme.Environments.Count > 0 && !AcceptsEnvironments(scheme, environment, key.Environment))
        {
            return VerificationResult.Rejected(AuthenticationOutcome.WrongEnvironment, ApiKeyError.Invalid, found);
        }

        if (key.Networks.Count > 0 && origin is not { Address: null }
            && !ContainsAddress(key.Networks, origin is null ? context.Connection.RemoteIpAddress : origin.Address))
        {
            return VerificationResult.Rejected(AuthenticationOutcome.WrongNetwork, ApiKeyError.IpNotAllowed, found);
        }

        if (key.Audiences.Count > 0 && !ContainsAudience(key.Audiences, GetAudience(context, scheme)))
        {
            return VerificationResult.Rejected(AuthenticationOutcome.WrongAudience, ApiKeyError.WrongAudience, found);
        }

        return null;
    }

    /// <summary>
    /// Determines whether the scheme accepts the environments in the text and in the record of a key. If there are two, it must accept
    /// both. A key without an environment is not accepted.
    /// </summary>
    private static bool AcceptsEnvironments(ApiKeySchemeOptions scheme, string? secretEnvironment, string? keyEnvironment) =>
        (secretEnvironment ?? keyEnvironment) is { } named
            && scheme.Environments.Contains(named)
            && (keyEnvironment is null || scheme.Environments.Contains(keyEnvironment));

    private static bool ContainsAudience(IReadOnlyList<string> audiences, string? audience)
    {
        for (var i = 0; i < audiences.Count; i++)
        {
            if (string.Equals(audiences[i], audience, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string? GetAudience(HttpContext context, ApiKeySchemeOptions scheme) =>
        scheme.AudienceSelector is { } select ? select(context) : scheme.Audience;

    private static bool ContainsAddress(IReadOnlyList<IPNetwork> networks, IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(plain))
            {
                return true;
            }
        }

        return false;
    }
}
