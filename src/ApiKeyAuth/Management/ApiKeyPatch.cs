using System.Collections.ObjectModel;
using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>A change of a key: what is not set stays (RFC 7396).</summary>
public sealed record ApiKeyPatch
{
    /// <summary>The name, 1 to 200 characters without control characters.</summary>
    public Optional<string> Name { get; init; }

    /// <summary>Whether it is switched on.</summary>
    public Optional<bool> Enabled { get; init; }

    /// <summary>What it may do; null for nothing.</summary>
    public Optional<IReadOnlyList<string>?> Scopes { get; init; }

    /// <summary>Its own limits; null for those of its scopes.</summary>
    public Optional<IReadOnlyList<RateLimit>?> RateLimits { get; init; }

    /// <summary>The networks it may call from; null for any.</summary>
    public Optional<IReadOnlyList<IPNetwork>?> Networks { get; init; }

    /// <summary>The audiences it is bound to; null for any.</summary>
    public Optional<IReadOnlyList<string>?> Audiences { get; init; }

    /// <summary>The app's own notes, note by note: a value replaces one, null removes it, and what is not named stays. Null in place of all clears them.</summary>
    public Optional<IReadOnlyDictionary<string, string?>?> Metadata { get; init; }

    /// <summary>When it ends; null for never, where the app allows that.</summary>
    public Optional<ApiKeyExpiry?> ExpiresAt { get; init; }

    /// <summary>What could not be read of it, by field; told with all that is wrong otherwise.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The fields that are set.</summary>
    internal IEnumerable<string> ChangedFields =>
        from member in new (string Name, bool IsSet)[]
        {
            ("name", Name.IsSet), ("scopes", Scopes.IsSet), ("rateLimits", RateLimits.IsSet), ("networks", Networks.IsSet),
            ("audiences", Audiences.IsSet), ("metadata", Metadata.IsSet), ("expiresAt", ExpiresAt.IsSet),
        }
        where member.IsSet
        select member.Name;
}
