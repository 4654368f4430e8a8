using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>The one item there is: when the key, or the secret in use, ends.</summary>
internal sealed class LazyTicketItems(VerifiedApiKey verified) : LazyDictionary<string?>
{
    // As AuthenticationProperties names and writes it.
    private const string Expires = ".expires";
    private const string Format = "r";

    // An endpoint that names its schemes has the framework ask for this on each request: its text is kept with the key.
    public override bool TryGetValue(string key, [MaybeNullWhen(false)] out string? value)
    {
        if (IsCreated || key != Expires)
        {
            return base.TryGetValue(key, out value);
        }

        value = GetExpiresText();
        return value is not null;
    }

    protected override Dictionary<string, string?> CreateItems() => GetExpiresText() is { } text ? new() { [Expires] = text } : [];

    private string? GetExpiresText() => verified.ExpiresText ??= GetExpiration()?.ToString(Format, CultureInfo.InvariantCulture);

    private DateTimeOffset? GetExpiration() => (verified.Key.ExpiresAt?.Instant, verified.Secret.ExpiresAt) switch
    {
        ({ } key, { } secret) => key < secret ? key : secret,
        var (key, secret) => key ?? secret,
    };
}
