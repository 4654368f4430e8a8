using System.Collections.ObjectModel;
using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Represents a request to create a key. Values that are not set have defaults.</summary>
public sealed record NewApiKey
{
    /// <summary>Gets the name, from 1 to 200 characters without control characters.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Gets the kind: <c>organization</c>, <c>personal</c>, <c>service</c>, or a word of the app; null for <c>service</c>, or for
    /// <c>personal</c> if the caller may create no other keys.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>Gets the environment; null for that of the caller, or for the first of the format.</summary>
    public string? Environment { get; init; }

    /// <summary>Gets the owner. For a personal key it is the user that it acts for, who must be the caller and is the default.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Gets the scopes; null for the default scopes of the catalog.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Gets the rate limits; null for the limits of the scopes.</summary>
    public IReadOnlyList<RateLimit>? RateLimits { get; init; }

    /// <summary>Gets the networks from which the key may be used; null or empty allows all.</summary>
    public IReadOnlyList<IPNetwork>? Networks { get; init; }

    /// <summary>Gets the audiences for which the key may be used; null or empty allows all.</summary>
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>Gets the metadata of the app.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Gets the expiration; null for the default lifetime.</summary>
    public ApiKeyExpiry? ExpiresAt { get; init; }

    /// <summary>
    /// Gets the number of days, at least 1, after which the key expires. It cannot be combined with <see cref="ExpiresAt"/>.
    /// </summary>
    public int? ExpiresInDays { get; init; }

    /// <summary>
    /// Gets the time, in whole seconds, before which the key is not accepted; null for none. It must be before the expiration.
    /// </summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>
    /// Gets the number of days without a use, from 1 to 36,500, after which the key expires; null for none. The store must count usage.
    /// </summary>
    public int? ExpiresAfterIdleDays { get; init; }

    /// <summary>
    /// Gets the tenant, which only a caller that may cross tenants can choose; for others, naming another tenant than their own is an
    /// error. The default is the tenant of the caller.
    /// </summary>
    public string? TenantId { get; init; }

    /// <summary>Gets the errors found while parsing the request, by field. They are reported with all other errors.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
