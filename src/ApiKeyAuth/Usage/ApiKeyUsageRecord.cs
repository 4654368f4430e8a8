using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Usage;

/// <summary>Requests of one hour that were made with one secret of a key, from one network, and ended alike.</summary>
public sealed record ApiKeyUsageRecord
{
    /// <summary>The key.</summary>
    public required string KeyId { get; init; }

    /// <summary>The hash of the secret that was used.</summary>
    public required ApiKeyHash Hash { get; init; }

    /// <summary>How many requests, at least 1.</summary>
    public required long Count { get; init; }

    /// <summary>The last of them.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>The start of the hour (UTC) they count in.</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>How they ended: one of <see cref="ApiKeyUsageOutcomes"/> or of <see cref="ApiKeyErrorCodes"/>, 1 to 40 characters.</summary>
    public required string Outcome { get; init; }

    /// <summary>The country as two letters (ISO 3166-1), or empty where it is not known.</summary>
    public string Country { get; init; } = "";

    /// <summary>The network, an IPv4 /24 or an IPv6 /48 such as <c>203.0.113.0/24</c>; <c>other</c> for those beyond the number kept apart, or empty; at most 50 characters.</summary>
    public string Network { get; init; } = "";

    /// <summary>Names the key and the count only.</summary>
    public override string ToString() => $"ApiKeyUsageRecord {KeyId} {Count}";
}
