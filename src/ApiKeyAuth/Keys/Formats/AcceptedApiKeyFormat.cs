namespace ApiKeyAuth.Keys.Formats;

/// <summary>
/// Represents a format of keys that an app accepts: an <see cref="ApiKeyFormat"/>, which can also issue keys, or an
/// <see cref="ExternalApiKeyFormat"/> of keys that were issued elsewhere.
/// </summary>
/// <remarks>Members other than <see cref="Validate"/> throw <see cref="InvalidOperationException"/> if the settings are invalid.</remarks>
public abstract class AcceptedApiKeyFormat
{
    private const int HintLength = 4;

    private protected AcceptedApiKeyFormat()
    {
    }

    /// <summary>Gets the length of the longest key in characters.</summary>
    public int MaxKeyLength => Shape.MaxLength;

    /// <summary>
    /// Gets a regular expression for secret scanners that finds whole keys in text, or <see langword="null"/> if keys look like other text.
    /// RE2, PCRE, Hyperscan and .NET support it.
    /// </summary>
    public abstract string? ScannerPattern { get; }

    /// <summary>Gets the shape of the keys, created once from the settings.</summary>
    internal ApiKeyShape Shape => field ??=
        Validate() is [_, ..] errors ? throw new InvalidOperationException(string.Join('\n', errors)) : CreateShape();

    /// <summary>Validates the settings.</summary>
    /// <returns>
    /// One message per error, which names the property, the problem and the fix. Empty if the settings are valid.
    /// </returns>
    public abstract IReadOnlyList<string> Validate();

    /// <summary>Parses a key of exactly this format.</summary>
    /// <param name="text">The text to parse.</param>
    /// <param name="parsed">The parsed key, or the default value if parsing failed.</param>
    /// <returns><see langword="true"/> if the text is a key of this format.</returns>
    public bool TryParse(ReadOnlySpan<char> text, out ParsedApiKey parsed)
    {
        var isKey = Shape.TryParse(text, out var environment);
        parsed = isKey ? new ParsedApiKey(this, environment) : default;
        return isKey;
    }

    /// <summary>Determines whether a text starts like a key of this format, well-formed or not.</summary>
    /// <param name="text">The text to examine.</param>
    /// <returns>
    /// <see langword="true"/> if the text starts with the prefix and a separator. A format without a prefix, or with a prefix that has no
    /// separator, accepts well-formed keys only.
    /// </returns>
    public abstract bool LooksLike(ReadOnlySpan<char> text);

    /// <summary>Returns the last 4 characters of a secret, by which people recognize a key.</summary>
    /// <param name="secret">The secret of a key.</param>
    /// <returns>The hint, or an empty string if the secret is shorter than the body of a key.</returns>
    public string GetHint(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.Length < Shape.BodyLength ? "" : secret[^HintLength..];
    }

    private protected abstract ApiKeyShape CreateShape();
}
