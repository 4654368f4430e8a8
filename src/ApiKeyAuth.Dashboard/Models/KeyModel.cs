using ApiKeyAuth.Dashboard.Charts;
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

    /// <summary>Gets the number of requests since the start of the previous hour, or null if it is not known.</summary>
    public long? LastHour { get; init; }

    public required KeyLimits Limits { get; init; }

    public bool HasAlerts { get; init; }

    public Notice? Notice { get; init; }
}
