using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents the page of a key.</summary>
internal sealed record KeyModel
{
    public required ApiKey Key { get; init; }

    /// <summary>Gets the usage, or null if the store does not count it.</summary>
    public ApiKeyUsageReport? Usage { get; init; }

    public required UsageRange Range { get; init; }

    public required IReadOnlyList<ApiKeyAuditEntry> Audit { get; init; }

    /// <summary>Gets the limits that apply, which are those of the scopes if the key has none of its own.</summary>
    public required IReadOnlyList<RateLimit> Limits { get; init; }

    public Notice? Notice { get; init; }
}
