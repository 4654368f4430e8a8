using System.Text.RegularExpressions;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Represents a format of keys that were issued elsewhere: a prefix, an alphabet and a length. It has no checksum.</summary>
/// <remarks>
/// An app accepts such keys and never issues them. Set <see cref="Length"/>, or <see cref="MinLength"/> and <see cref="MaxLength"/>; none
/// of them for <see cref="ApiKeyAlphabet.Guid"/>. The stored hash is one round of SHA-256, so a key should have at least 112 random bits
/// (NIST SP 800-63B §5.1.2.2): 19 characters of base62 or base64, or 28 hexadecimal digits.
/// </remarks>
public sealed class ExternalApiKeyFormat : AcceptedApiKeyFormat
{
    /// <summary>
    /// Gets the start of every key, with its separator, such as <c>sk-</c>: up to 64 printable ASCII characters without spaces. The default
    /// is an empty string.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>Gets the characters after the prefix.</summary>
    public required ApiKeyAlphabet Alphabet { get; init; }

    /// <summary>
    /// Gets a printable ASCII character that occurs once, between two parts of every key, such as <c>|</c> in <c>12|abc…</c>, and that is
    /// not part of the alphabet. The default is null, for keys in one part.
    /// </summary>
    public char? Separator { get; init; }

    /// <summary>Gets the number of characters after the prefix, from 16 to 448, with padding. The default is null.</summary>
    public int? Length { get; init; }

    /// <summary>Gets the minimum number of characters after the prefix, from 16 to 448. The default is null.</summary>
    public int? MinLength { get; init; }

    /// <summary>Gets the maximum number of characters after the prefix, from 16 to 448. The default is null.</summary>
    public int? MaxLength { get; init; }

    /// <inheritdoc/>
    /// <remarks>It is null without a prefix.</remarks>
    public override string? ScannerPattern => Prefix.Length == 0 ? null : CreatePattern();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Validate() => [.. ExternalFormatRules.FindErrors(this)];

    /// <inheritdoc/>
    public override bool LooksLike(ReadOnlySpan<char> text) => Shape.IsSeparated ? text.StartsWith(Prefix) : TryParse(text, out _);

    /// <summary>Returns a description of the format, such as <c>sk-{48 base62}</c>.</summary>
    public override string ToString() =>
        Validate().Count > 0 ? $"{nameof(ExternalApiKeyFormat)} (invalid)"
        : Shape.Characters.FixedLength is not null ? $"{Prefix}{{{Shape.Characters.Name}}}"
        : Shape.MinTailLength == Shape.MaxTailLength ? $"{Prefix}{{{Shape.MinTailLength} {Shape.Characters.Name}}}"
        : $"{Prefix}{{{Shape.MinTailLength}-{Shape.MaxTailLength} {Shape.Characters.Name}}}";

    private protected override ApiKeyShape CreateShape() => new(this);

    private string CreatePattern()
    {
        var count = Shape.Characters.FixedLength is not null ? ""
            : Shape.MinTailLength == Shape.MaxTailLength ? $"{{{Shape.MinTailLength}}}"
            : $"{{{Shape.MinTailLength},{Shape.MaxTailLength}}}";

        // Characters that are not part of a word have no word boundary.
        var start = char.IsAsciiLetterOrDigit(Prefix[0]) || Prefix[0] == '_' ? @"\b" : "";
        return $"{start}{Regex.Escape(Prefix)}{Shape.Characters.Pattern}{count}{(Shape.Characters.IsPadded ? "" : @"\b")}";
    }
}
