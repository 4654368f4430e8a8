using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Authentication;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>
/// Creates the properties of a ticket: when the key or the secret in use expires. Connections that outlive the request (SignalR) end then.
/// </summary>
internal static class TicketProperties
{
    public static AuthenticationProperties Create(VerifiedApiKey verified) =>
        new(new LazyTicketItems(verified), new LazyDictionary<object?>());
}
