namespace ApiKeyAuth.Backplane;

/// <summary>What there may be to ask the bus for.</summary>
public enum ApiKeyBackplaneNotification
{
    /// <summary>A change was published.</summary>
    Invalidation,

    /// <summary>Every node has acted on the last change.</summary>
    Acknowledgment,
}
