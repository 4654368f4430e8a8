namespace ApiKeyAuth.Backplane;

/// <summary>A change that is in the log of the bus.</summary>
public sealed class PublishResult
{
    /// <summary>Its position.</summary>
    public required string Position { get; init; }

    /// <summary>Whether no other node is listed; the list may still lack one.</summary>
    public required bool IsOnlyMember { get; init; }

    /// <summary>Whether there is nobody to wait for: no other node is listed, and the list is sure to lack none.</summary>
    public required bool IsAcknowledged { get; init; }

    /// <summary>The longest lease of a listed node.</summary>
    public required TimeSpan LongestLease { get; init; }
}
