using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Usage;

/// <summary>Represents the requests of one hour with the same secret, network, country and outcome.</summary>
public sealed record ApiKeyUsageRecord
{
    /// <summary>Gets the ID of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the hash of the secret that was used.</summary>
    public required ApiKeyHash Hash { get; init; }

    /// <summary>Gets the number of requests, at least 1.</summary>
    public required long Count { get; init; }

    /// <summary>Gets the time of the last request that authentication accepted, or null if it rejected all of them.</summary>
    /// <remarks>A rejected request does not extend the lifetime of a key that expires if it is not used.</remarks>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Gets the start of the hour (UTC).</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>Gets the outcome: one of <see cref="ApiKeyUsageOutcomes"/> or <see cref="ApiKeyErrorCodes"/>, 1 to 40 characters.</summary>
    public required string Outcome { get; init; }

    /// <summary>Gets the two-letter country code (ISO 3166-1), or an empty string if the country is unknown.</summary>
    public string Country { get; init; } = "";

    /// <summary>
    /// Gets the network, an IPv4 /24 or an IPv6 /48 such as <c>203.0.113.0/24</c>; <c>other</c> above the maximum number of networks; or an
    /// empty string. It has at most 50 characters.
    /// </summary>
    public string Network { get; init; } = "";

    /// <summary>Returns the key ID and the number of requests only, not the hash.</summary>
    public override string ToString() => $"ApiKeyUsageRecord {KeyId} {Count}";
}
