using System.Buffers;
using System.Text;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Represents a text with which keys of a format start, and how they go on.</summary>
internal sealed class KeyStart
{
    private const int MaxPadding = 2;
    private readonly List<(byte[] Head, int MinLength, int MaxLength)> _heads;
    private readonly SearchValues<byte> _characters;
    private readonly byte? _separator;
    private readonly bool _isPadded;

    private KeyStart(string text, ApiKeyFormat format, IEnumerable<string> heads)
        : this(text, format)
    {
        // The format knows the length of its longest key, which is that of the longest environment.
        var tail = format.MaxKeyLength - GetHeads(format).Max(head => head.Length);
        _characters = KeyBytes.Word;
        _heads = [.. heads.Select(head => (Encoding.ASCII.GetBytes(head), head.Length + tail, head.Length + tail))];
    }

    private KeyStart(ExternalApiKeyFormat format)
        : this(format.Prefix, (AcceptedApiKeyFormat)format)
    {
        // A GUID has one length, and no length is set.
        var minLength = (format.Length ?? format.MinLength) is { } length ? format.Prefix.Length + length : format.MaxKeyLength;
        _characters = KeyBytes.Get(format.Alphabet);
        _separator = (byte?)format.Separator;
        _isPadded = format.Alphabet is ApiKeyAlphabet.Base64 or ApiKeyAlphabet.Base64Url;
        _heads = [(Text, minLength, format.MaxKeyLength)];
    }

    private KeyStart(string text, AcceptedApiKeyFormat format)
    {
        Text = Encoding.ASCII.GetBytes(text);
        Format = format;
        _characters = KeyBytes.Word;
        _heads = [];
    }

    public byte[] Text { get; }

    public AcceptedApiKeyFormat Format { get; }

    /// <summary>
    /// Creates the starts of a format: its prefix, or each environment if it has no prefix. Keys without either that were issued elsewhere
    /// look like other text, so there is none.
    /// </summary>
    public static IEnumerable<KeyStart> Create(AcceptedApiKeyFormat format) => format switch
    {
        ExternalApiKeyFormat { Prefix: "" } => [],
        ExternalApiKeyFormat external => [new KeyStart(external)],
        ApiKeyFormat { Prefix: "" } issued =>
            issued.Environments.Select(environment => new KeyStart(environment + "_", issued, [environment + "_"])),
        ApiKeyFormat issued => [new KeyStart(issued.Prefix + "_", issued, GetHeads(issued))],
        _ => [],
    };

    /// <summary>Returns the lengths that a key at the start of a text can have, or an empty range if there is none.</summary>
    public (int Min, int Max) GetLengths(ReadOnlySpan<byte> text)
    {
        foreach (var (head, min, max) in _heads)
        {
            if (text.StartsWith(head) && text.Length >= min)
            {
                return (min, Math.Min(max, head.Length + GetRunLength(text[head.Length..Math.Min(text.Length, max)])));
            }
        }

        return (1, 0);
    }

    private static IEnumerable<string> GetHeads(ApiKeyFormat format)
    {
        var prefix = format.Prefix.Length == 0 ? "" : format.Prefix + "_";
        return format.Environments.Count == 0 ? [prefix] : format.Environments.Select(environment => $"{prefix}{environment}_");
    }

    private int GetRunLength(ReadOnlySpan<byte> text)
    {
        var run = GetCharacters(text);
        if (_separator is { } separator && run < text.Length && text[run] == separator)
        {
            run += 1 + GetCharacters(text[(run + 1)..]);
        }

        var end = run;
        while (_isPadded && end < text.Length && end < run + MaxPadding && text[end] == '=')
        {
            end++;
        }

        return end;
    }

    private int GetCharacters(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExcept(_characters) is >= 0 and var end ? end : text.Length;
}
