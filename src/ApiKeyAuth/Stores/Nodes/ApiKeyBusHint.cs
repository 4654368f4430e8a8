namespace ApiKeyAuth.Stores;

/// <summary>What there may be to ask the bus for.</summary>
public enum ApiKeyBusHint
{
    /// <summary>A change was published.</summary>
    Changed,

    /// <summary>Every node has acted on the last change.</summary>
    Acknowledged,
}
