using ApiKeyAuth.Connections;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Provides extension methods that end long responses together with their API key.</summary>
public static class EndOnRevocationEndpointExtensions
{
    /// <summary>Ends responses that are still being written when their API key is revoked, deleted, disabled, narrowed below what the
    /// endpoint requires, or expires.</summary>
    /// <param name="builder">The endpoint, or a group of endpoints.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Use it for server-sent events and other long responses. Hub connections, accepted WebSockets and gRPC calls end without it.
    /// </remarks>
    public static TBuilder EndOnRevocation<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new EndOnRevocationAttribute());
}
