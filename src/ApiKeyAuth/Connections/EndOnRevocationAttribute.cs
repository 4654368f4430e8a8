namespace ApiKeyAuth.Connections;

/// <summary>
/// Ends responses of the endpoint that are still being written when their API key no longer allows them, as server-sent events do.
/// </summary>
/// <remarks>Hub connections, accepted WebSockets and gRPC calls end without it.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class EndOnRevocationAttribute : Attribute;
