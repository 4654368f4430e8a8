namespace ApiKeyAuth.Backplane;

/// <summary>Represents a change that was added to the log of the backplane.</summary>
public sealed class PublishResult
{
    /// <summary>Gets the position of the change.</summary>
    public required string Position { get; init; }

    /// <summary>Gets whether no other node is registered. The list of nodes may still be incomplete.</summary>
    public required bool IsOnlyMember { get; init; }

    /// <summary>Gets whether no acknowledgment is outstanding: no other node is registered, and the list of nodes is complete.</summary>
    public required bool IsAcknowledged { get; init; }

    /// <summary>Gets the longest lease of the registered nodes.</summary>
    public required TimeSpan LongestLease { get; init; }
}
