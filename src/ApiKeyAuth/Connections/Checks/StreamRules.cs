using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Connections.Checks;

/// <summary>Provides the rules that decide whether a connection may stay open.</summary>
internal static class StreamRules
{
    /// <summary>Applies the result of a check to a connection.</summary>
    /// <returns>The reason to end the connection, or null if it may stay open.</returns>
    public static StreamEndReason? Evaluate(OpenStream stream, KeyRecheckResult findings, DateTimeOffset now)
    {
        if (findings.HasReadStores)
        {
            if (!findings.Loaded.TryGetValue(stream.Verified.Secret.Hash, out var loaded))
            {
                return StreamEndReason.NotFound;
            }

            stream.ExpiresAt = GetExpiration(loaded.Key!, loaded.Secret!);
            if (FindEndReason(stream, loaded.Key!, now) is { } reason)
            {
                return reason;
            }
        }

        stream.ChangedScopes = findings.Scopes.Equals(stream.Verified.Scopes) ? null : findings.Scopes;
        return findings.IsOwnerGone ? StreamEndReason.OwnerGone
            : !AreMet(stream.Requirements, findings.Scopes) ? StreamEndReason.InsufficientScope
            : null;
    }

    /// <summary>Determines whether scopes meet all requirements.</summary>
    public static bool AreMet(IReadOnlyList<ScopeRequirement> requirements, ScopeSet scopes)
    {
        for (var i = 0; i < requirements.Count; i++)
        {
            if (!requirements[i].IsMetBy(scopes))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns when a key, or the secret in use, expires, in UTC ticks.</summary>
    public static long GetExpiration(ApiKey key, ApiKeySecret secret) =>
        Math.Min(key.ExpiresAt?.Instant.UtcTicks ?? long.MaxValue, secret.ExpiresAt?.UtcTicks ?? long.MaxValue);

    /// <summary>Returns the error code under which the end of a connection is counted.</summary>
    public static string GetErrorCode(StreamEndReason reason) => reason switch
    {
        StreamEndReason.Expired or StreamEndReason.SecretRetired => ApiKeyErrorCodes.ExpiredApiKey,
        StreamEndReason.InsufficientScope => ApiKeyErrorCodes.InsufficientScope,
        StreamEndReason.WrongNetwork => ApiKeyErrorCodes.IpNotAllowed,
        StreamEndReason.WrongAudience => ApiKeyErrorCodes.WrongAudience,
        StreamEndReason.Unconfirmed => ApiKeyErrorCodes.KeyStoreUnavailable,
        _ => ApiKeyErrorCodes.InvalidApiKey,
    };

    private static StreamEndReason? FindEndReason(OpenStream stream, ApiKey key, DateTimeOffset now) => key.GetStatus(now) switch
    {
        ApiKeyStatus.Active => FindEndReasonOfActiveKey(stream, key, now),
        ApiKeyStatus.Revoked => StreamEndReason.Revoked,
        ApiKeyStatus.Disabled => StreamEndReason.Disabled,
        ApiKeyStatus.Expired or ApiKeyStatus.Idle => StreamEndReason.Expired,
        _ => StreamEndReason.Inactive,
    };

    private static StreamEndReason? FindEndReasonOfActiveKey(OpenStream stream, ApiKey key, DateTimeOffset now)
    {
        var opened = stream.Verified.Key;
        return stream.ExpiresAt <= now.UtcTicks ? StreamEndReason.SecretRetired
            : !string.Equals(key.Environment, opened.Environment, StringComparison.Ordinal) ? StreamEndReason.WrongEnvironment
            : !key.Networks.SequenceEqual(opened.Networks) && !ContainsAddress(key.Networks, stream.Address) ? StreamEndReason.WrongNetwork
            : !key.Audiences.SequenceEqual(opened.Audiences, StringComparer.Ordinal) && !ContainsAudience(key.Audiences, stream.Audience)
                ? StreamEndReason.WrongAudience
            : null;
    }

    private static bool ContainsAddress(IReadOnlyList<IPNetwork> networks, IPAddress? address) =>
        networks.Count == 0
        || (address is not null && networks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)));

    private static bool ContainsAudience(IReadOnlyList<string> audiences, string? audience) =>
        audiences.Count == 0 || (audience is not null && audiences.Contains(audience, StringComparer.Ordinal));
}
