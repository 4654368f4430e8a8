using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authentication;

namespace ApiKeyAuth.Authentication;

/// <summary>What a ticket says beside its principal: when the key, or the secret in use, ends. Connections that outlive the request (SignalR) end with it.</summary>
internal static class TicketProperties
{
    public static AuthenticationProperties Of(VerifiedApiKey verified) => new(new TicketItems(verified), new LateItems<object?>());
}
