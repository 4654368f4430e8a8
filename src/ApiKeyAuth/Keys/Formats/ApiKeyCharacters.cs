using System.Buffers;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Represents the characters of an encoding, validates text of it and converts numbers to it.</summary>
internal sealed class ApiKeyCharacters
{
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int MaxPadding = 2;
    private readonly byte[] _values = new byte[128];
    private readonly SearchValues<char> _allowed;
    private readonly ApiKeyCharacters? _parts;

    private ApiKeyCharacters(string name, string digits, string pattern, string separators = "", int checksumLength = 0)
    {
        Name = name;
        Digits = digits;
        Pattern = pattern;
        ChecksumLength = checksumLength;
        _allowed = SearchValues.Create(digits + separators);
        RunValues = SearchValues.Create(Alphanumeric + digits + separators);
        for (var value = 0; value < digits.Length; value++)
        {
            _values[digits[value]] = (byte)value;
        }
    }

    private ApiKeyCharacters(ApiKeyCharacters parts, char separator)
        : this(
            $"{parts.Name} and {separator}",
            parts.Digits,
            parts.Pattern.Insert(1, $@"\{separator}"),
            (parts.IsPadded ? "=" : "") + separator)
    {
        _parts = parts;
        IsPadded = parts.IsPadded;
        Separator = separator;
    }

    public static ApiKeyCharacters Base62 { get; } = new("base62", Alphanumeric, "[0-9A-Za-z]", checksumLength: 6);

    public static ApiKeyCharacters Hex { get; } = new("hex", "0123456789abcdef", "[0-9a-f]", checksumLength: 8);

    public static ApiKeyCharacters AnyHex { get; } = new("hex", "0123456789abcdefABCDEF", "[0-9A-Fa-f]");

    public static ApiKeyCharacters Base64 { get; } = new("base64", Alphanumeric + "+/", "[0-9A-Za-z+/=]", "=") { IsPadded = true };

    public static ApiKeyCharacters Base64Url { get; } =
        new("base64url", Alphanumeric + "-_", "[0-9A-Za-z_=-]", "=") { IsPadded = true };

    public static ApiKeyCharacters Guid { get; } =
        new("guid", "0123456789abcdefABCDEF", "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", "-") { FixedLength = 36 };

    public string Name { get; }

    public string Digits { get; }

    /// <summary>Gets a regular expression for one character, or for the whole text if its length is fixed.</summary>
    public string Pattern { get; }

    /// <summary>Gets the number of digits of a checksum, which is a 32-bit number.</summary>
    public int ChecksumLength { get; }

    /// <summary>Gets a value indicating whether the text may end in one or two equals signs.</summary>
    public bool IsPadded { get; private init; }

    /// <summary>Gets the only length of the text, or null if it varies.</summary>
    public int? FixedLength { get; private init; }

    /// <summary>Gets the character that separates two parts of the text, or null if it has one part.</summary>
    public char? Separator { get; }

    /// <summary>
    /// Gets the characters that the redactor masks after a prefix. They include all letters, because logs may be uppercase.
    /// </summary>
    public SearchValues<char> RunValues { get; }

    public static ApiKeyCharacters Get(ApiKeyEncoding encoding) => encoding == ApiKeyEncoding.Hex ? Hex : Base62;

    public static ApiKeyCharacters Get(ApiKeyAlphabet alphabet) => alphabet switch
    {
        ApiKeyAlphabet.Hex => AnyHex,
        ApiKeyAlphabet.Base64 => Base64,
        ApiKeyAlphabet.Base64Url => Base64Url,
        ApiKeyAlphabet.Guid => Guid,
        _ => Base62,
    };

    /// <summary>Returns the characters of text in two parts, or these characters if the separator is null.</summary>
    public ApiKeyCharacters WithSeparator(char? separator) => separator is { } value ? new ApiKeyCharacters(this, value) : this;

    /// <summary>Returns the smallest number of digits that represent a number of bytes.</summary>
    public int GetLength(int bytes) => (int)Math.Ceiling(bytes * 8 / Math.Log2(Digits.Length));

    /// <summary>Determines whether a text consists of these characters, at whatever positions.</summary>
    public bool ContainsAll(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(_allowed);

    /// <summary>Determines whether a text consists of these characters, with dashes and padding at the right positions.</summary>
    public bool IsMatch(ReadOnlySpan<char> text) =>
        _parts is not null
            ? IsMatchInParts(text, _parts)
            : ContainsAll(text) && (!IsPadded || IsPaddingValid(text)) && (FixedLength is null || IsGuid(text));

    public void Write(uint number, Span<char> destination)
    {
        for (var index = destination.Length - 1; index >= 0; index--)
        {
            (number, var digit) = Math.DivRem(number, (uint)Digits.Length);
            destination[index] = Digits[(int)digit];
        }
    }

    /// <summary>Reads a number. Every digit must be part of this alphabet.</summary>
    public ulong Read(ReadOnlySpan<char> digits)
    {
        var radix = (ulong)Digits.Length;
        ulong number = 0;
        foreach (var digit in digits)
        {
            number = (number * radix) + _values[digit & 127];
        }

        return number;
    }

    private bool IsMatchInParts(ReadOnlySpan<char> text, ApiKeyCharacters parts) =>
        text.IndexOf(Separator!.Value) is > 0 and var at
        && at < text.Length - 1
        && parts.IsMatch(text[..at])
        && parts.IsMatch(text[(at + 1)..]);

    private static bool IsPaddingValid(ReadOnlySpan<char> text)
    {
        var length = text.Length - text.TrimEnd('=').Length;
        return text.IndexOf('=') == (length == 0 ? -1 : text.Length - length)
            && (length == 0 || (length <= MaxPadding && text.Length % 4 == 0));
    }

    // Guid.TryParse also accepts signs and hexadecimal prefixes.
    private bool IsGuid(ReadOnlySpan<char> text) =>
        text.Length == FixedLength && text.Count('-') == 4
        && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}
