using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>What a maker asks of a new key. What is left out takes its default.</summary>
public sealed record NewApiKey
{
    /// <summary>The name, 1 to 200 characters without control characters.</summary>
    public required string Name { get; init; }

    /// <summary>What sort of key: <c>organization</c>, <c>personal</c>, <c>service</c>, or a word of the app's own; null for <c>service</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>One of the format's environments; null for the maker's own, else the first.</summary>
    public string? Environment { get; init; }

    /// <summary>The user it acts for; null for none, and for a personal key the maker, who alone can make one.</summary>
    public string? OwnerId { get; init; }

    /// <summary>What it may do; null for the catalogue's defaults.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Its own limits; null for those of its scopes.</summary>
    public IReadOnlyList<RateLimit>? RateLimits { get; init; }

    /// <summary>The networks it may call from; null or empty for any.</summary>
    public IReadOnlyList<IPNetwork>? Networks { get; init; }

    /// <summary>The audiences it is bound to; null or empty for any.</summary>
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>The app's own notes.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>When it ends; null for the default lifetime.</summary>
    public ApiKeyExpiry? ExpiresAt { get; init; }

    /// <summary>In how many days it ends, 1 or more, in place of <see cref="ExpiresAt"/>.</summary>
    public int? ExpiresInDays { get; init; }

    /// <summary>
    /// Gets the tenant, which only a caller that may cross tenants can choose; for others, naming another tenant than their own is an
    /// error. The default is the tenant of the caller.
    /// </summary>
    public string? TenantId { get; init; }

    /// <summary>What could not be read of it, by field; told with all that is wrong otherwise.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
}
