using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents an action on several keys, before it is confirmed or after it failed for some of them.</summary>
internal sealed record BulkModel
{
    public required string Action { get; init; }

    public required IReadOnlyList<ApiKey> Keys { get; init; }

    /// <summary>Gets the messages of the keys for which the action failed, by key ID.</summary>
    public IReadOnlyDictionary<string, string> Failures { get; init; } = new Dictionary<string, string>();
}
