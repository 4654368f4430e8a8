using System.Buffers;
using System.Text;

namespace ApiKeyAuth.Keys;

/// <summary>Takes keys out of text that people will read, cut-off, concatenated and upper-cased ones too.</summary>
/// <remarks>
/// All formats are looked for in one pass: one after another, the short mark of one could eat the head by which the next
/// would have been found (<c>sk_…</c> before <c>sk_production_…</c>) and leave a secret standing.
/// </remarks>
internal sealed class ApiKeyRedactor
{
    private const string Mask = "***";
    private const int ShortestRun = 8;
    private static readonly SearchValues<char> AnyHex = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly List<(string Head, int MinRun)> _heads = [];
    private readonly List<(SearchValues<char> Characters, int MinRun)> _bare;
    private readonly SearchValues<string> _search;

    public ApiKeyRedactor(IEnumerable<ApiKeyFormat> formats)
    {
        var all = formats.ToArray();
        foreach (var format in all.Where(format => !format.Shape.IsBare))
        {
            // Without a prefix the head is a common word, so only what is as long as a whole key counts.
            var minRun = format.Prefix.Length == 0 ? format.Shape.TailLength : ShortestRun;
            foreach (var head in format.Shape.Heads)
            {
                _heads.Add((head.Text, minRun));
            }
        }

        // Base62 first: its runs hold the hexadecimal ones.
        _bare = [.. all.Where(format => format.Shape.IsBare).OrderBy(format => format.Encoding).Select(format =>
            (format.Encoding == ApiKeyEncoding.Hex ? AnyHex : ApiKeyAlphabet.Base62.Characters, format.Shape.TailLength))];
        _search = SearchValues.Create([.. _heads.Select(head => head.Head)], StringComparison.OrdinalIgnoreCase);
    }

    public string Redact(string text)
    {
        var result = RedactHeaded(text);
        foreach (var (characters, minRun) in _bare)
        {
            result = RedactRuns(result, characters, minRun);
        }

        return result;
    }

    private string RedactHeaded(string text)
    {
        StringBuilder? result = null;
        var copied = 0;
        for (var at = 0; text.AsSpan(at).IndexOfAny(_search) is >= 0 and var offset; at++)
        {
            at += offset;
            if (FindMatch(text, at) is not ({ } head, var end) || end <= copied)
            {
                continue;
            }

            result ??= new StringBuilder(text.Length);
            result.Append(text, copied, Math.Max(0, at - copied)).Append(head).Append(Mask);
            copied = end;
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private (string? Head, int End) FindMatch(string text, int start)
    {
        (string? Head, int End) longest = default;
        foreach (var (head, minRun) in _heads)
        {
            if (text.AsSpan(start).StartsWith(head, StringComparison.OrdinalIgnoreCase))
            {
                var run = RunLength(text.AsSpan(start + head.Length), ApiKeyAlphabet.Base62.Characters);
                var end = start + head.Length + run;
                longest = run >= minRun && end > longest.End ? (head, end) : longest;
            }
        }

        return longest;
    }

    private static string RedactRuns(string text, SearchValues<char> characters, int minRun)
    {
        StringBuilder? result = null;
        var copied = 0;
        for (var at = 0; text.AsSpan(at).IndexOfAny(characters) is >= 0 and var offset;)
        {
            at += offset;
            var run = RunLength(text.AsSpan(at), characters);
            if (run >= minRun)
            {
                result ??= new StringBuilder(text.Length);
                result.Append(text, copied, at - copied).Append(Mask);
                copied = at + run;
            }

            at += run;
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private static int RunLength(ReadOnlySpan<char> text, SearchValues<char> characters) =>
        text.IndexOfAnyExcept(characters) is >= 0 and var end ? end : text.Length;
}
