using System.Buffers;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Finds keys in plain text, including truncated, concatenated and uppercase ones, in linear time.</summary>
/// <remarks>
/// The text is searched for all formats in one pass. With a pass per format, the match of a short prefix (<c>sk_…</c>) could hide the
/// longer one (<c>sk_production_…</c>) and leave a secret in the text.
/// </remarks>
internal sealed class ApiKeyFinder
{
    private static readonly SearchValues<char> AnyHex = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly List<(string Text, SearchValues<char> Characters, int MinRun)> _heads = [];
    private readonly List<(SearchValues<char> Characters, int MinRun)> _bare = [];
    private readonly SearchValues<string> _search;

    public ApiKeyFinder(IEnumerable<AcceptedApiKeyFormat> formats)
    {
        foreach (var format in formats)
        {
            var shape = format.Shape;
            foreach (var head in shape.IsBare ? [] : shape.Heads)
            {
                _heads.Add((head.Text, shape.Characters.RunValues, shape.MinRun));
            }

            // Without a prefix, keys that were issued elsewhere look like IDs and hashes of the app.
            if (shape.IsBare && format is ApiKeyFormat { Encoding: var encoding })
            {
                _bare.Add((encoding == ApiKeyEncoding.Hex ? AnyHex : ApiKeyCharacters.Base62.RunValues, shape.MinRun));
            }
        }

        _search = SearchValues.Create([.. _heads.Select(head => head.Text)], StringComparison.OrdinalIgnoreCase);
        MinLength = _heads.Select(head => head.Text.Length + head.MinRun).Concat(_bare.Select(bare => bare.MinRun)).Min();
    }

    /// <summary>Gets the length of the shortest text that counts as a key.</summary>
    public int MinLength { get; }

    /// <summary>Adds every key in a text.</summary>
    public void Find(ReadOnlySpan<char> text, List<FoundKey> found)
    {
        FindHeaded(text, found);
        foreach (var (characters, minRun) in _bare)
        {
            FindRuns(text, characters, minRun, found);
        }
    }

    private void FindHeaded(ReadOnlySpan<char> text, List<FoundKey> found)
    {
        var covered = 0;
        for (var at = 0; text[at..].IndexOfAny(_search) is >= 0 and var offset; at++)
        {
            at += offset;
            if (FindLongest(text, at) is { Head: not null } key && key.End > covered)
            {
                if (at + key.Head.Length <= covered)
                {
                    // The prefix is part of the previous key, as in a long run of characters that are also a prefix.
                    found[^1] = found[^1] with { End = key.End };
                }
                else
                {
                    found.Add(key);
                }

                covered = key.End;
            }
        }
    }

    private FoundKey FindLongest(ReadOnlySpan<char> text, int start)
    {
        FoundKey longest = default;
        foreach (var (head, characters, minRun) in _heads)
        {
            if (text[start..].StartsWith(head, StringComparison.OrdinalIgnoreCase))
            {
                // The limit keeps the search linear if the characters of the prefix are also characters of the key.
                var body = text[(start + head.Length)..];
                var run = GetRunLength(body[..Math.Min(body.Length, ApiKeyHasher.MaxSecretLength)], characters);
                var end = start + head.Length + run;
                longest = run >= minRun && end > longest.End ? new FoundKey(start, end, head) : longest;
            }
        }

        return longest;
    }

    private static void FindRuns(ReadOnlySpan<char> text, SearchValues<char> characters, int minRun, List<FoundKey> found)
    {
        for (var at = 0; text[at..].IndexOfAny(characters) is >= 0 and var offset;)
        {
            at += offset;
            var run = GetRunLength(text[at..], characters);
            if (run >= minRun)
            {
                found.Add(new FoundKey(at, at + run, ""));
            }

            at += run;
        }
    }

    private static int GetRunLength(ReadOnlySpan<char> text, SearchValues<char> characters) =>
        text.IndexOfAnyExcept(characters) is >= 0 and var end ? end : text.Length;
}
