namespace ApiKeyAuth.Backplane;

/// <summary>What a node is told when it asks for changes.</summary>
public sealed class HeartbeatResult
{
    /// <summary>The position of the last change there is.</summary>
    public required string Position { get; init; }

    /// <summary>The keys changed after the position that the node gave; null where that position is not in the log, so that anything may have changed.</summary>
    public required IReadOnlyList<string>? ChangedKeyIds { get; init; }

    /// <summary>How many nodes are listed, this one among them.</summary>
    public required int MemberCount { get; init; }
}
