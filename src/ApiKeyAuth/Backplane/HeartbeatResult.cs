namespace ApiKeyAuth.Backplane;

/// <summary>Represents the response to a heartbeat.</summary>
public sealed class HeartbeatResult
{
    /// <summary>Gets the position of the last change.</summary>
    public required string Position { get; init; }

    /// <summary>
    /// Gets the IDs of the keys that were changed after the node's position, or null if the log does not contain that position, in which
    /// case any key may have changed.
    /// </summary>
    public required IReadOnlyList<string>? ChangedKeyIds { get; init; }

    /// <summary>Gets the number of registered nodes, including this one.</summary>
    public required int MemberCount { get; init; }
}
