using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Authentication;

namespace Twig.OAuth;

/// <summary>
/// Sends the errors of an authorization request to the redirect URI (RFC 6749 §4.1.2.1), if it is one of the client. By default, OpenIddict
/// shows the errors that it finds while it validates the request.
/// </summary>
internal sealed class ErrorRedirects(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseScopedHandler<ErrorRedirects>()
            .SetOrder(AttachRedirectUri.Descriptor.Order + 1)
            .Build();

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is null
            && context.Error is not null
            && context.Request is { ClientId: { Length: > 0 } id, RedirectUri: { Length: > 0 } uri }
            && await clients.FindByClientIdAsync(id, context.CancellationToken) is { } client
            && await clients.ValidateRedirectUriAsync(client, uri, context.CancellationToken))
        {
            context.RedirectUri = uri;
        }
    }
}
