using System.Collections.ObjectModel;
using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Represents a change of a key as a merge patch (RFC 7396). Values that are not set do not change.</summary>
public sealed record ApiKeyPatch
{
    /// <summary>Gets the name, from 1 to 200 characters without control characters.</summary>
    public Optional<string> Name { get; init; }

    /// <summary>Gets whether the key is enabled.</summary>
    public Optional<bool> Enabled { get; init; }

    /// <summary>Gets the scopes; null removes all.</summary>
    public Optional<IReadOnlyList<string>?> Scopes { get; init; }

    /// <summary>Gets the rate limits of the key; null applies the limits of its scopes.</summary>
    public Optional<IReadOnlyList<RateLimit>?> RateLimits { get; init; }

    /// <summary>Gets the networks from which the key may be used; null allows all.</summary>
    public Optional<IReadOnlyList<IPNetwork>?> Networks { get; init; }

    /// <summary>Gets the audiences for which the key may be used; null allows all.</summary>
    public Optional<IReadOnlyList<string>?> Audiences { get; init; }

    /// <summary>
    /// Gets the changes of the metadata: a value is set, null removes a name, and other names do not change. A null dictionary removes all
    /// metadata.
    /// </summary>
    public Optional<IReadOnlyDictionary<string, string?>?> Metadata { get; init; }

    /// <summary>Gets the expiration; null removes it, if the app allows keys that never expire.</summary>
    public Optional<ApiKeyExpiry?> ExpiresAt { get; init; }

    /// <summary>Gets the time, in whole seconds, before which the key is not accepted; null removes it.</summary>
    public Optional<DateTimeOffset?> NotBefore { get; init; }

    /// <summary>Gets the number of days without a use, from 1 to 36,500, after which the key expires; null removes it.</summary>
    public Optional<int?> ExpiresAfterIdleDays { get; init; }

    /// <summary>Gets the errors found while parsing the request, by field. They are reported with all other errors.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Gets the names of the fields that are set.</summary>
    internal IEnumerable<string> ChangedFields =>
        from member in new (string Name, bool IsSet)[]
        {
            ("name", Name.IsSet), ("scopes", Scopes.IsSet), ("rateLimits", RateLimits.IsSet), ("networks", Networks.IsSet),
            ("audiences", Audiences.IsSet), ("metadata", Metadata.IsSet), ("expiresAt", ExpiresAt.IsSet),
            ("notBefore", NotBefore.IsSet), ("expiresAfterIdleDays", ExpiresAfterIdleDays.IsSet),
        }
        where member.IsSet
        select member.Name;
}
