using System.Text;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Finds the keys of formats in the bytes of a text in ASCII or UTF-8.</summary>
/// <remarks>
/// The bytes are searched for the start of a key only, which the processor does many bytes at a time. What follows is checked as a key is
/// when it is received, so a key with a checksum is found wherever it starts and ends, and hardly anything else is. A key without one is
/// found if it is a word of its own. Keys that were issued elsewhere and have no prefix are left out, because they look like other text.
/// </remarks>
internal sealed class KeyScanner
{
    private readonly ApiKeyFormats _formats;
    private readonly List<KeyStart> _starts = [];
    private readonly List<ApiKeyFormat> _bare = [];

    public KeyScanner(ApiKeyFormats formats)
    {
        _formats = formats;
        foreach (var format in formats.All)
        {
            if (format is ApiKeyFormat { Prefix: "", Environments: [] } bare)
            {
                _bare.Add(bare);
            }
            else
            {
                _starts.AddRange(KeyStart.Create(format));
            }
        }
    }

    /// <summary>Gets the number of bytes by which two parts of a text must overlap.</summary>
    public int Overlap => _formats.MaxKeyLength + 1;

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

        // If keys of two formats start at the same place, the longer one comes first, and it is the one that is reported.
        hits.Sort(static (first, second) =>
            first.Offset != second.Offset ? first.Offset.CompareTo(second.Offset) : second.Secret.Length.CompareTo(first.Secret.Length));
        return hits;
    }

    private static void FindStarts(ReadOnlySpan<byte> text, KeyStart start, bool isStart, bool isEnd, List<KeyHit> hits)
    {
        for (var at = 0; text[at..].IndexOf(start.Text) is >= 0 and var offset; at++)
        {
            at += offset;
            var (min, length) = CanStart(text, at, start.Format, isStart) ? start.GetLengths(text[at..]) : (1, 0);
            while (length >= min && !TryAdd(text, at, length, start.Format, isEnd, hits))
            {
                length--;
            }
        }
    }

    private static void FindRuns(ReadOnlySpan<byte> text, ApiKeyFormat format, bool isStart, bool isEnd, List<KeyHit> hits)
    {
        for (var at = 0; text[at..].IndexOfAny(KeyBytes.Word) is >= 0 and var offset;)
        {
            at += offset;
            var length = GetWordLength(text[at..]);
            if (length == format.MaxKeyLength && CanStart(text, at, format, isStart))
            {
                TryAdd(text, at, length, format, isEnd, hits);
            }

            at += length;
        }
    }

    private static bool TryAdd(
        ReadOnlySpan<byte> text, int at, int length, AcceptedApiKeyFormat format, bool isEnd, List<KeyHit> hits)
    {
        if (!CanEnd(text, at + length, format, isEnd))
        {
            return false;
        }

        Span<char> key = stackalloc char[length];
        Encoding.Latin1.GetChars(text.Slice(at, length), key);
        if (!format.TryParse(key, out var parsed))
        {
            return false;
        }

        var secret = key.ToString();
        hits.Add(new KeyHit(at, secret, GetHead(format, parsed) + "***" + format.GetHint(secret)));
        return true;
    }

    private static string GetHead(AcceptedApiKeyFormat format, ParsedApiKey parsed) => format switch
    {
        ExternalApiKeyFormat external => external.Prefix,
        ApiKeyFormat issued =>
            (issued.Prefix.Length == 0 ? "" : issued.Prefix + "_") + (parsed.Environment is null ? "" : parsed.Environment + "_"),
        _ => "",
    };

    /// <summary>Determines whether a key can start at a place: without a checksum, it is not part of a longer word.</summary>
    private static bool CanStart(ReadOnlySpan<byte> text, int at, AcceptedApiKeyFormat format, bool isStart) =>
        HasChecksum(format) || !KeyBytes.Word.Contains(text[at]) || (at == 0 ? isStart : !KeyBytes.Word.Contains(text[at - 1]));

    private static bool CanEnd(ReadOnlySpan<byte> text, int end, AcceptedApiKeyFormat format, bool isEnd) =>
        HasChecksum(format) || (end == text.Length ? isEnd : !KeyBytes.Word.Contains(text[end]));

    private static bool HasChecksum(AcceptedApiKeyFormat format) => format is ApiKeyFormat { Checksum: true };

    private static int GetWordLength(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExcept(KeyBytes.Word) is >= 0 and var end ? end : text.Length;
}
