using System.Text;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the blocks <c>map $http_apikey $client { … }</c> of a configuration of nginx.</summary>
internal static class NginxSource
{
    private static readonly string[] Flags = ["hostnames", "volatile"];

    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        var statements = new List<(int Line, List<string> Words)>();
        var isInMap = false;
        var hasMap = false;
        foreach (var (line, words, end) in ReadStatements(file))
        {
            if (end == '{')
            {
                isInMap = words is ["map", _, _];
                hasMap |= isInMap;
            }
            else if (end == '}')
            {
                isInMap = false;
            }
            else if (isInMap)
            {
                statements.Add((line, words));
            }
        }

        return hasMap ? statements.Select(Read).OfType<KeyDraft>() : throw file.Unexpected("a block 'map $http_apikey $client { … }'");
    }

    private static KeyDraft? Read((int Line, List<string> Words) statement)
    {
        var draft = new KeyDraft($"line {statement.Line}");
        switch (statement.Words)
        {
            case ["default", _]:
            case [var flag] when Flags.Contains(flag):
                return null;
            case ["include", _]:
                draft.Fail("includes another file; import that file, in a map block");
                return draft;
            case [['~', ..], _]:
                draft.Fail("is a regular expression, which can match more than one key");
                return draft;
            case [_, ""] or [_, "0"]:
                draft.SkipReason = "names no client";
                return draft;
            case [var key, var client]:
                draft.Secrets.Add(key);
                draft.Name = client;
                draft.OwnerId = client;
                return draft;
            default:
                draft.Fail("must be a key and a client");
                return draft;
        }
    }

    private static IEnumerable<(int Line, List<string> Words, char End)> ReadStatements(ImportFile file)
    {
        var text = file.ReadText();
        var words = new List<string>();
        var line = 1;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character is ';' or '{' or '}')
            {
                yield return (line, words, character);
                words = [];
            }
            else if (character == '#')
            {
                index = text.IndexOf('\n', index) is >= 0 and var end ? end - 1 : text.Length;
            }
            else if (char.IsWhiteSpace(character))
            {
                line += character == '\n' ? 1 : 0;
            }
            else
            {
                var (word, next) = ReadWord(file, text, index, line);
                words.Add(word);
                line += text.AsSpan(index, next - index).Count('\n');
                index = next - 1;
            }
        }

        if (words.Count > 0)
        {
            throw file.Invalid("nginx configuration", line);
        }
    }

    /// <summary>Reads a word, in quotes or not.</summary>
    private static (string Word, int Next) ReadWord(ImportFile file, string text, int start, int line)
    {
        char? quote = text[start] is '"' or '\'' ? text[start] : null;
        var word = new StringBuilder();
        for (var index = quote is null ? start : start + 1; index < text.Length; index++)
        {
            var character = text[index];
            if (character == quote)
            {
                return (word.ToString(), index + 1);
            }

            if (quote is null && (char.IsWhiteSpace(character) || character is ';' or '{' or '}'))
            {
                return (word.ToString(), index);
            }

            if (character == '\\' && index + 1 < text.Length)
            {
                character = text[++index];
            }

            word.Append(character);
        }

        throw file.Invalid("nginx configuration", line);
    }
}
