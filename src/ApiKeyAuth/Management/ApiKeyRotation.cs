namespace ApiKeyAuth.Management;

/// <summary>Represents a request to rotate the secret of a key.</summary>
public sealed record ApiKeyRotation
{
    /// <summary>
    /// Gets the grace period for which the old secret stays valid, from 0 to 30 days, and at most until the key expires. The default is 0.
    /// </summary>
    public TimeSpan Grace { get; init; }

    /// <summary>
    /// Gets whether the current secret is discarded at once because its delivery was lost; a retiring secret stays valid. The default is
    /// false.
    /// </summary>
    public bool DiscardCurrent { get; init; }
}
