using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Keys;

/// <summary>The shape of a key's text: <c>{prefix}_{environment}_{body}{checksum}</c>, where what is absent is left out with its underscore.</summary>
/// <remarks>
/// One definition yields the parser, the generator, the log redactor and the pattern for secret scanners. The checksum is CRC-32 of all that
/// stands before it, as GitHub's tokens have it; it tells a mistyped key without a look-up and protects nothing. A member other than
/// <see cref="Validate"/> throws <see cref="InvalidOperationException"/> when the settings are wrong.
/// </remarks>
public sealed class ApiKeyFormat
{
    private const int HintLength = 4;

    /// <summary>What every key starts with: up to 32 letters and digits with single underscores between them, or empty. <c>key</c> by default.</summary>
    public string Prefix { get; init; } = "key";

    /// <summary>The environments a key can name, each 1 to 16 lower case letters and digits; empty for keys that name none. <c>live</c> and <c>test</c> by default.</summary>
    public IReadOnlyList<string> Environments { get; init; } = ["live", "test"];

    /// <summary>The characters of body and checksum; <see cref="ApiKeyEncoding.Base62"/> by default.</summary>
    public ApiKeyEncoding Encoding { get; init; } = ApiKeyEncoding.Base62;

    /// <summary>The entropy of the body in bytes, 16 to 64; 32 by default.</summary>
    public int SecretBytes { get; init; } = 32;

    /// <summary>Whether a key ends in a checksum: 6 base62 or 8 hexadecimal digits. True by default.</summary>
    public bool Checksum { get; init; } = true;

    /// <summary>The length in characters of the longest key.</summary>
    public int MaxLength => Shape.MaxLength;

    /// <summary>A regular expression for secret scanners that finds whole keys in text; RE2, PCRE, Hyperscan and .NET read it.</summary>
    public string ScannerPattern => Shape.Describe(Prefix, asPattern: true);

    /// <summary>The settings worked out, once.</summary>
    internal ApiKeyShape Shape => field ??= CreateShape();

    private ApiKeyRedactor Redactor => field ??= new ApiKeyRedactor([this]);

    /// <summary>Tells what is wrong with the settings, one message each, naming the property, what was found and the mend; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate() => [.. ApiKeyFormatRules.FindErrors(this)];

    /// <summary>Reads a key of exactly this format: length, prefix, environment, characters and checksum.</summary>
    public bool TryParse(ReadOnlySpan<char> text, out ParsedApiKey parsed)
    {
        var isKey = Shape.TryParse(text, out var environment);
        parsed = isKey ? new ParsedApiKey(this, environment) : default;
        return isKey;
    }

    /// <summary>Tells whether a text was meant to be a key of this format, well-formed or not; without a prefix only a well-formed key was.</summary>
    public bool LooksLike(ReadOnlySpan<char> text) =>
        Prefix.Length == 0
            ? TryParse(text, out _)
            : text.Length > Prefix.Length && text[Prefix.Length] == '_' && text.StartsWith(Prefix);

    /// <summary>Makes a new key from the system's cryptographic random numbers, each body equally likely.</summary>
    /// <param name="environment">One of <see cref="Environments"/>, or null where there are none.</param>
    /// <exception cref="ArgumentException">The format lacks the environment.</exception>
    /// <exception cref="InvalidOperationException">The format has neither prefix nor environments, which is for imported keys only.</exception>
    public string Generate(string? environment)
    {
        if (Shape.IsBare)
        {
            throw new InvalidOperationException($"{nameof(ApiKeyFormat)} {this} only accepts imported keys: set Prefix to issue new ones.");
        }

        foreach (var head in Shape.Heads)
        {
            if (string.Equals(head.Environment, environment, StringComparison.Ordinal))
            {
                return Shape.Generate(head);
            }
        }

        throw new ArgumentException(
            Environments.Count == 0
                ? "Keys of this format name no environment: pass null."
                : $"The format lacks this environment: pass one of {string.Join(", ", Environments)}.",
            nameof(environment));
    }

    /// <summary>Takes the last 4 characters, by which a person tells a key from others; empty for a text shorter than a body.</summary>
    public string GetHint(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.Length < Shape.BodyLength ? "" : secret[^HintLength..];
    }

    /// <summary>Masks every key in a text, whole or cut off after 8 or more characters of its body, as <c>{prefix}_{environment}_***</c>.</summary>
    /// <remarks>
    /// <para>Upper and lower case are one here. Without a prefix only what is as long as a whole key is masked.</para>
    /// <para>Keys are also found behind percent, JSON and HTML escapes, and in Base64 and base64url, such as the credentials of
    /// <c>Authorization: Basic</c>; such Base64 may itself be escaped. They are not found if they are encoded twice, split over lines or
    /// fields, encrypted, compressed, hashed, or encoded in another way, such as UTF-16 in Base64, hexadecimal bytes or quoted-printable.
    /// Do not rely on it for text that holds keys as a rule: do not write that text.</para>
    /// </remarks>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Redactor.Redact(text);
    }

    /// <summary>Shows the shape, such as <c>key_{live|test}_{43 base62}{6 checksum}</c>.</summary>
    public override string ToString() => Validate().Count == 0 ? Shape.Describe(Prefix, asPattern: false) : $"{nameof(ApiKeyFormat)} (invalid)";

    private ApiKeyShape CreateShape() =>
        Validate() is [_, ..] errors ? throw new InvalidOperationException(string.Join('\n', errors)) : new ApiKeyShape(this);
}
