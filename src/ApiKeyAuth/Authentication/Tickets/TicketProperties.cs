using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authentication;

namespace ApiKeyAuth.Authentication;

/// <summary>What a ticket says beside its principal: when the key, or the secret in use, ends. Connections that outlive the request (SignalR) end with it.</summary>
internal static class TicketProperties
{
    private static readonly Dictionary<string, string?> NoItems = [];
    private static readonly Dictionary<string, object?> NoParameters = [];

    public static AuthenticationProperties Of(VerifiedApiKey verified) =>
        new(new SharedItems<string?>(verified.TicketItems ??= Items(verified)), new SharedItems<object?>(NoParameters));

    private static Dictionary<string, string?> Items(VerifiedApiKey verified) =>
        End(verified) is { } end ? new AuthenticationProperties { ExpiresUtc = end }.Items.ToDictionary() : NoItems;

    private static DateTimeOffset? End(VerifiedApiKey verified) =>
        (verified.Key.ExpiresAt?.Instant, verified.Secret.ExpiresAt) switch
        {
            ({ } key, { } secret) => key < secret ? key : secret,
            var (key, secret) => key ?? secret,
        };
}
