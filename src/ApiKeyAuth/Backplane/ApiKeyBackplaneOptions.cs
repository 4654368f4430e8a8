namespace ApiKeyAuth.Backplane;

/// <summary>How nodes that serve the same keys keep in step over a bus.</summary>
public sealed class ApiKeyBackplaneOptions
{
    /// <summary>How long a node answers from its cache after it last asked the bus for changes: 1 to 60 seconds, 5 seconds by default.</summary>
    /// <remarks>A change that cannot be told to every node is answered once this has passed. All nodes should have the same.</remarks>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(5);
}
