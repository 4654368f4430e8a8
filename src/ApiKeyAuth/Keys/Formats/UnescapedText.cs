using System.Buffers;
using System.Globalization;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>
/// Represents a text with its percent, JSON and HTML escapes decoded once, and the position of each character in the source.
/// </summary>
/// <remarks>
/// Supports <c>%5F</c>, <c>\u005f</c>, <c>\u{5f}</c>, <c>\x5f</c>, <c>\/</c>, <c>&amp;#95;</c>, <c>&amp;#x5f;</c>, and the HTML names of
/// the characters of keys and Base64. A character outside ASCII is replaced by one that no key contains.
/// </remarks>
internal sealed class UnescapedText
{
    private const char ReplacementCharacter = '\uFFFD';
    private const int MaxDigits = 8;
    private static readonly SearchValues<char> EscapeStarts = SearchValues.Create("%\\&");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> DecimalDigits = SearchValues.Create("0123456789");

    private static readonly (string Name, char Character)[] Names =
        [("lowbar;", '_'), ("UnderBar;", '_'), ("plus;", '+'), ("sol;", '/'), ("equals;", '='), ("bsol;", '\\')];

    private readonly char[] _characters;
    private readonly int[] _starts;
    private readonly int _length;

    private UnescapedText(char[] characters, int[] starts, int length) => (_characters, _starts, _length) = (characters, starts, length);

    /// <summary>Gets the characters.</summary>
    public ReadOnlySpan<char> Characters => _characters.AsSpan(0, _length);

    /// <summary>Decodes a text, or returns null if it has no escapes.</summary>
    public static UnescapedText? Unescape(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny(EscapeStarts) < 0)
        {
            return null;
        }

        var (characters, starts, length) = (new char[text.Length], new int[text.Length + 1], 0);
        for (var at = 0; at < text.Length; length++)
        {
            var escape = EscapeStarts.Contains(text[at]) ? ReadEscape(text[at..]) : default;
            (characters[length], starts[length]) = (escape.Length > 0 ? escape.Character : text[at], at);
            at += Math.Max(1, escape.Length);
        }

        starts[length] = text.Length;
        return length == text.Length ? null : new UnescapedText(characters, starts, length);
    }

    /// <summary>Converts a position in <see cref="Characters"/> to one in the source.</summary>
    public FoundKey ToSource(FoundKey key) => new(_starts[key.Start], _starts[key.End], key.Head);

    private static (char Character, int Length) ReadEscape(ReadOnlySpan<char> text) => text switch
    {
        ['%', ..] => ReadHex(text, 1, 2),
        ['\\', '/', ..] => ('/', 2),
        ['\\', 'u', '{', ..] => ReadDigits(text, 3, HexDigits, NumberStyles.AllowHexSpecifier, '}', isEndOptional: false),
        ['\\', 'u', ..] => ReadHex(text, 2, 4),
        ['\\', 'x', ..] => ReadHex(text, 2, 2),
        ['&', '#', 'x' or 'X', ..] => ReadDigits(text, 3, HexDigits, NumberStyles.AllowHexSpecifier, ';', isEndOptional: true),
        ['&', '#', ..] => ReadDigits(text, 2, DecimalDigits, NumberStyles.None, ';', isEndOptional: true),
        ['&', ..] => ReadName(text),
        _ => default,
    };

    private static (char Character, int Length) ReadHex(ReadOnlySpan<char> text, int start, int count) =>
        text.Length >= start + count && !text.Slice(start, count).ContainsAnyExcept(HexDigits)
            ? (Parse(text.Slice(start, count), NumberStyles.AllowHexSpecifier), start + count)
            : default;

    private static (char Character, int Length) ReadDigits(
        ReadOnlySpan<char> text, int start, SearchValues<char> digits, NumberStyles style, char end, bool isEndOptional)
    {
        var window = text.Slice(start, Math.Min(MaxDigits + 1, text.Length - start));
        var count = window.IndexOfAnyExcept(digits) is >= 0 and var other ? other : window.Length;
        if (count is 0 or > MaxDigits)
        {
            return default;
        }

        var isEnded = start + count < text.Length && text[start + count] == end;
        return isEnded || isEndOptional ? (Parse(text.Slice(start, count), style), start + count + (isEnded ? 1 : 0)) : default;
    }

    private static (char Character, int Length) ReadName(ReadOnlySpan<char> text)
    {
        foreach (var (name, character) in Names)
        {
            if (text[1..].StartsWith(name, StringComparison.Ordinal))
            {
                return (character, name.Length + 1);
            }
        }

        return default;
    }

    private static char Parse(ReadOnlySpan<char> digits, NumberStyles style) =>
        uint.Parse(digits, style, CultureInfo.InvariantCulture) is var code and < 128 ? (char)code : ReplacementCharacter;
}
