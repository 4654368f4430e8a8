using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Decides whether a looked-up key is accepted here and now: status, expiry, environment, network, audience, in this order.</summary>
internal sealed class ApiKeyVerifier(ApiKeyCache cache, ApiKeyCacheOptions options, TimeProvider clock)
{
    /// <summary>The refusal where something that must be asked does not answer; it is asked again after the first wait.</summary>
    public ApiKeyRefusal Unavailable { get; } = ApiKeyRefusal.StoreUnavailable((long)Math.Ceiling(Math.Max(1, options.StoreTimeout.TotalSeconds)));

    /// <summary>Finds the key of a well-formed secret; most often at once, and then the request is not asked whether it was given up.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="now">The clock's timestamp, read after the request came.</param>
    /// <param name="context">The request.</param>
    public ValueTask<ApiKeyLookup> FindAsync(ReadOnlySpan<char> secret, long now, HttpContext context)
    {
        var tag = SecretTag.Of(secret);
        return cache.TryRecall(tag, now, out var lookup)
            ? new(lookup)
            : new(cache.LoadAsync(tag, ApiKeyHasher.ComputeDigest(secret), context.RequestAborted));
    }

    /// <summary>Judges a key that was looked up.</summary>
    /// <param name="lookup">What the look-up found.</param>
    /// <param name="environment">The environment that the secret names.</param>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The scheme whose rules apply.</param>
    /// <param name="origin">Where the key was used, if another program asks about it; null if the request itself carries it.</param>
    public Verification Verify(
        ApiKeyLookup lookup, string? environment, HttpContext context, ApiKeySchemeOptions scheme, RemoteOrigin? origin = null)
    {
        if (lookup.Found is not { } found)
        {
            return lookup.IsUnavailable
                ? Verification.Refused(KeyOutcome.StoreUnavailable, Unavailable)
                : Verification.Refused(KeyOutcome.Unknown, ApiKeyRefusal.Invalid);
        }

        var now = clock.GetUtcNow();
        return CheckTime(found, now)
            ?? CheckPlace(found, environment, context, scheme, origin)
            ?? Verification.Accepted(found, now.UtcTicks);
    }

    private static Verification? CheckTime(VerifiedApiKey found, DateTimeOffset now) =>
        found.Key.GetStatus(now) switch
        {
            ApiKeyStatus.Revoked => Verification.Refused(KeyOutcome.Revoked, ApiKeyRefusal.Invalid, found),
            ApiKeyStatus.Disabled => Verification.Refused(KeyOutcome.Disabled, ApiKeyRefusal.Invalid, found),
            ApiKeyStatus.Expired => Verification.Refused(KeyOutcome.Expired, ApiKeyRefusal.Expired(found.Key.ExpiresAt!.Value), found),
            _ when found.Secret.ExpiresAt is { } end && now >= end =>
                Verification.Refused(KeyOutcome.SecretRetired, ApiKeyRefusal.Expired(new ApiKeyExpiry(end)), found),
            _ => null,
        };

    private static Verification? CheckPlace(
        VerifiedApiKey found, string? environment, HttpContext context, ApiKeySchemeOptions scheme, RemoteOrigin? origin)
    {
        var key = found.Key;
        if (scheme.Environments.Count > 0 && !AcceptsEnvironments(scheme, environment, key.Environment))
        {
            return Verification.Refused(KeyOutcome.WrongEnvironment, ApiKeyRefusal.Invalid, found);
        }

        if (key.Networks.Count > 0 && origin is not { Address: null }
            && !IsInside(key.Networks, origin is null ? context.CallerAddress() : origin.Address))
        {
            return Verification.Refused(KeyOutcome.WrongNetwork, ApiKeyRefusal.IpNotAllowed, found);
        }

        if (key.Audiences.Count > 0 && !Names(key.Audiences, Audience(context, scheme)))
        {
            return Verification.Refused(KeyOutcome.WrongAudience, ApiKeyRefusal.WrongAudience, found);
        }

        return null;
    }

    /// <summary>A key is accepted by the environment its text names or, where that names none, its record; a key of no environment by neither.</summary>
    private static bool AcceptsEnvironments(ApiKeySchemeOptions scheme, string? text, string? record) =>
        (text ?? record) is { } named && scheme.Environments.Contains(named) && (record is null || scheme.Environments.Contains(record));

    private static bool Names(IReadOnlyList<string> audiences, string? audience)
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

    private static string? Audience(HttpContext context, ApiKeySchemeOptions scheme) =>
        scheme.AudienceSelector is { } select ? select(context) : scheme.Audience;

    private static bool IsInside(IReadOnlyList<IPNetwork> networks, IPAddress? address)
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
