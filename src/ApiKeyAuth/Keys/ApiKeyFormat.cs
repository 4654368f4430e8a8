using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Keys;

/// <summary>
/// Represents the format of a key: <c>{prefix}_{environment}_{body}{checksum}</c>. A missing part is left out together with its underscore.
/// </summary>
/// <remarks>
/// The definition yields the parser, the generator, the log redactor and the pattern for secret scanners. The checksum is CRC-32 of
/// everything before it, like in GitHub's tokens. It detects a mistyped key without a lookup and protects nothing.
/// </remarks>
public sealed class ApiKeyFormat : AcceptedApiKeyFormat
{
    /// <summary>
    /// Gets the start of every key: up to 32 letters and digits with single underscores between them, or an empty string.
    /// The default is <c>key</c>.
    /// </summary>
    public string Prefix { get; init; } = "key";

    /// <summary>
    /// Gets the environments of keys, each 1 to 16 lowercase letters and digits, or an empty list for keys without an environment.
    /// The default is <c>live</c> and <c>test</c>.
    /// </summary>
    public IReadOnlyList<string> Environments { get; init; } = ["live", "test"];

    /// <summary>Gets the characters of the body and the checksum. The default is <see cref="ApiKeyEncoding.Base62"/>.</summary>
    public ApiKeyEncoding Encoding { get; init; } = ApiKeyEncoding.Base62;

    /// <summary>Gets the entropy of the body in bytes, from 16 to 64. The default is 32.</summary>
    public int SecretBytes { get; init; } = 32;

    /// <summary>
    /// Gets a value indicating whether a key ends in a checksum of 6 base62 or 8 hexadecimal digits. The default is <see langword="true"/>.
    /// </summary>
    public bool Checksum { get; init; } = true;

    /// <inheritdoc/>
    public override string ScannerPattern => Shape.Describe(Prefix, asPattern: true);

    private ApiKeyRedactor Redactor => field ??= new ApiKeyRedactor([this]);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Validate() => [.. ApiKeyFormatRules.FindErrors(this)];

    /// <inheritdoc/>
    public override bool LooksLike(ReadOnlySpan<char> text) =>
        Prefix.Length == 0
            ? TryParse(text, out _)
            : text.Length > Prefix.Length && text[Prefix.Length] == '_' && text.StartsWith(Prefix);

    /// <summary>Generates a key from cryptographically secure random numbers.</summary>
    /// <param name="environment">One of <see cref="Environments"/>, or <see langword="null"/> if the format has none.</param>
    /// <returns>The secret of the new key.</returns>
    /// <exception cref="ArgumentException">The environment is not one of <see cref="Environments"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The format has neither a prefix nor environments, so it only accepts imported keys.
    /// </exception>
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
                ? "Keys of this format have no environment: pass null."
                : $"The format does not have this environment: pass one of {string.Join(", ", Environments)}.",
            nameof(environment));
    }

    /// <summary>
    /// Masks every key in a text as <c>{prefix}_{environment}_***</c>, including keys that are cut off after at least 8 characters of the
    /// body.
    /// </summary>
    /// <param name="text">The text to redact.</param>
    /// <returns>The text without keys.</returns>
    /// <remarks>
    /// <para>The search ignores case. Without a prefix only text as long as a whole key is masked.</para>
    /// <para>Keys are also found behind percent, JSON and HTML escapes, and in Base64 and base64url, such as the credentials of
    /// <c>Authorization: Basic</c>; the Base64 may itself be escaped. Keys are not found if they are encoded twice, split over lines or
    /// fields, encrypted, compressed, hashed, or encoded in another way, such as UTF-16 in Base64, hexadecimal bytes or quoted-printable.
    /// Do not rely on redaction for text that regularly contains keys. Avoid writing such text instead.</para>
    /// </remarks>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Redactor.Redact(text);
    }

    /// <summary>Returns a description of the format, such as <c>key_{live|test}_{43 base62}{6 checksum}</c>.</summary>
    public override string ToString() =>
        Validate().Count == 0 ? Shape.Describe(Prefix, asPattern: false) : $"{nameof(ApiKeyFormat)} (invalid)";

    private protected override ApiKeyShape CreateShape() => new(this);
}
