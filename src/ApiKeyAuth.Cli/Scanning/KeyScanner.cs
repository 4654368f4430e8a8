using System.Buffers;
using System.Text;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Finds the keys of formats in the bytes of a text in ASCII or UTF-8.</summary>
/// <remarks>
/// The bytes are searched for the start of a key only, which the processor does many bytes at a time. What follows is checked as a key is
/// when it is received, so a key with a checksum is found wherever it starts and ends, and hardly anything else is.
/// </remarks>
internal sealed class KeyScanner
{
    private static readonly SearchValues<byte> WordBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    private readonly ApiKeyFormats _formats;
    private readonly List<KeyStart> _starts = [];
    private readonly List<ApiKeyFormat> _bare = [];

    public KeyScanner(ApiKeyFormats formats)
    {
        _formats = formats;
        foreach (var format in formats.All)
        {
            if (format.Prefix.Length == 0 && format.Environments.Count == 0)
            {
                _bare.Add(format);
            }
            else
            {
                _starts.AddRange(KeyStart.Create(format));
            }
        }
    }

    /// <summary>Gets the number of bytes by which two parts of a text must overlap.</summary>
    public int Overlap => _formats.MaxLength + 1;

    /// <summary>Finds the keys in a part of a text, in order.</summary>
    /// <param name="text">The part.</param>
    /// <param name="isStart">Whether the part is the start of the text.</param>
    /// <param name="isEnd">Whether the part is the end of the text.</param>
    public List<KeyHit> Find(ReadOnlySpan<byte> text, bool isStart, bool isEnd)
    {
        var hits = new List<KeyHit>();
        foreach (var start in _starts)
        {
            FindStarts(text, start, isStart, isEnd, hits);
        }

        foreach (var format in _bare)
        {
            FindRuns(text, format, isStart, isEnd, hits);
        }

        hits.Sort(static (first, second) => first.Offset.CompareTo(second.Offset));
        return hits;
    }

    private static void FindStarts(ReadOnlySpan<byte> text, KeyStart start, bool isStart, bool isEnd, List<KeyHit> hits)
    {
        for (var at = 0; text[at..].IndexOf(start.Text) is >= 0 and var offset; at++)
        {
            at += offset;
            var length = start.GetLength(text[at..]);
            if (length > 0)
            {
                TryAdd(text, at, length, start.Format, isStart, isEnd, hits);
            }
        }
    }

    private static void FindRuns(ReadOnlySpan<byte> text, ApiKeyFormat format, bool isStart, bool isEnd, List<KeyHit> hits)
    {
        for (var at = 0; text[at..].IndexOfAny(WordBytes) is >= 0 and var offset;)
        {
            at += offset;
            var length = GetWordLength(text[at..]);
            if (length == format.MaxLength)
            {
                TryAdd(text, at, length, format, isStart, isEnd, hits);
            }

            at += length;
        }
    }

    private static void TryAdd(
        ReadOnlySpan<byte> text, int at, int length, ApiKeyFormat format, bool isStart, bool isEnd, List<KeyHit> hits)
    {
        Span<char> key = stackalloc char[length];
        Encoding.Latin1.GetChars(text.Slice(at, length), key);
        if (format.TryParse(key, out var parsed) && (format.Checksum || IsWord(text, at, length, isStart, isEnd)))
        {
            var secret = key.ToString();
            hits.Add(new KeyHit(at, secret, GetHead(format, parsed) + "***" + format.GetHint(secret)));
        }
    }

    private static string GetHead(ApiKeyFormat format, ParsedApiKey parsed) =>
        (format.Prefix.Length == 0 ? "" : format.Prefix + "_") + (parsed.Environment is null ? "" : parsed.Environment + "_");

    /// <summary>Determines whether a text without a checksum is a word of its own, and not a part of a longer one.</summary>
    private static bool IsWord(ReadOnlySpan<byte> text, int at, int length, bool isStart, bool isEnd) =>
        (at == 0 ? isStart : !WordBytes.Contains(text[at - 1]))
        && (at + length == text.Length ? isEnd : !WordBytes.Contains(text[at + length]));

    private static int GetWordLength(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExcept(WordBytes) is >= 0 and var end ? end : text.Length;
}
