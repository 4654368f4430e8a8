using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Authentication;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>What a ticket says beside its principal: when the key, or the secret in use, ends. Connections that outlive the request (SignalR) end with it.</summary>
internal static class TicketProperties
{
    public static AuthenticationProperties Create(VerifiedApiKey verified) => new(new LazyTicketItems(verified), new LazyDictionary<object?>());
}
