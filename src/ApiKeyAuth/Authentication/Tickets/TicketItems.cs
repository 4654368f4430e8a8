using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication;

/// <summary>The one item there is: when the key, or the secret in use, ends.</summary>
internal sealed class TicketItems(VerifiedApiKey verified) : LateItems<string?>
{
    // As AuthenticationProperties names and writes it.
    private const string Expires = ".expires";
    private const string Format = "r";

    // An endpoint that names its schemes has the framework ask for this on each request: its text is kept with the key.
    public override bool TryGetValue(string key, [MaybeNullWhen(false)] out string? value)
    {
        if (IsMade || key != Expires)
        {
            return base.TryGetValue(key, out value);
        }

        value = Text();
        return value is not null;
    }

    protected override Dictionary<string, string?> Make() => Text() is { } text ? new() { [Expires] = text } : [];

    private string? Text() => verified.EndText ??= End()?.ToString(Format, CultureInfo.InvariantCulture);

    private DateTimeOffset? End() => (verified.Key.ExpiresAt?.Instant, verified.Secret.ExpiresAt) switch
    {
        ({ } key, { } secret) => key < secret ? key : secret,
        var (key, secret) => key ?? secret,
    };
}
