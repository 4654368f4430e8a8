namespace ApiKeyAuth.Backplane;

/// <summary>Specifies what a backplane notifies nodes about.</summary>
public enum ApiKeyBackplaneNotification
{
    /// <summary>A change was published.</summary>
    Invalidation,

    /// <summary>Every node has acknowledged the last change.</summary>
    Acknowledgment,
}
