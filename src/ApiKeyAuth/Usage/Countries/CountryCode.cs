namespace ApiKeyAuth.Usage.Countries;

/// <summary>Represents a country by its two letters (ISO 3166-1), in 16 bits. The default value stands for an unknown country.</summary>
internal readonly record struct CountryCode
{
    /// <summary>The country of a request that does not name one.</summary>
    public static readonly CountryCode None;

    private const int LetterCount = 26;

    // Cloudflare and other CDNs send it for an unknown country.
    private const string Unknown = "XX";

    private static readonly string?[] Texts = new string?[(LetterCount * LetterCount) + 1];

    private readonly ushort _value;

    private CountryCode(int first, int second) => _value = (ushort)(1 + (first * LetterCount) + second);

    /// <summary>Gets a value indicating whether the country is known.</summary>
    public bool IsKnown => _value != 0;

    /// <summary>Parses two letters of either case. Any other text, and <c>XX</c>, is <see cref="None"/>.</summary>
    public static CountryCode Parse(string? text) =>
        text is [var first, var second] && char.IsAsciiLetter(first) && char.IsAsciiLetter(second)
        && !text.Equals(Unknown, StringComparison.OrdinalIgnoreCase)
            ? new CountryCode((first | 0x20) - 'a', (second | 0x20) - 'a')
            : None;

    /// <summary>Returns two capital letters, or an empty string for an unknown country.</summary>
    public override string ToString() => IsKnown
        ? Texts[_value] ??= new string([(char)('A' + ((_value - 1) / LetterCount)), (char)('A' + ((_value - 1) % LetterCount))])
        : "";
}
