namespace ApiKeyAuth.Backplane;

/// <summary>Provides options for the backplane, which connects the nodes that serve the same keys.</summary>
public sealed class ApiKeyBackplaneOptions
{
    /// <summary>
    /// Gets or sets how long a node may answer from its cache after it sent its last answered heartbeat, from 1 to 60 seconds. The default
    /// is 5 seconds.
    /// </summary>
    /// <remarks>A change that a node does not acknowledge completes after this time. Use the same value on all nodes.</remarks>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(5);
}
