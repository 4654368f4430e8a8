using ApiKeyAuth.Connections;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides extension methods that end long responses when their API key no longer allows them.</summary>
public static class EndOnRevocationEndpointExtensions
{
    /// <summary>
    /// Ends responses that are still being written when their API key is revoked, deleted, disabled, narrowed below the requirements of the
    /// endpoint, or expires.
    /// </summary>
    /// <param name="builder">The builder of the endpoint or group.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Use it for server-sent events and other long responses. Hub connections, accepted WebSockets and gRPC calls end without it.
    /// </remarks>
    public static TBuilder EndOnRevocation<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new EndOnRevocationAttribute());
}
