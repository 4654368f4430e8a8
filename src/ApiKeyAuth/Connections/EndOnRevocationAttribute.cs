namespace ApiKeyAuth.Connections;

/// <summary>Specifies that the response of an endpoint ends when its API key is revoked, deleted, disabled, narrowed or expired.</summary>
/// <remarks>
/// Use it for server-sent events and other long responses. Hub connections, accepted WebSockets and gRPC calls end without it.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class EndOnRevocationAttribute : Attribute;
