using System.Buffers;

namespace ApiKeyAuth.Keys.Scopes;

/// <summary>What the text of a scope must keep.</summary>
internal static class ScopeRules
{
    private const int MaxLength = 128;

    // RFC 6749 §3.3, scope-token: %x21 / %x23-5B / %x5D-7E, of which ':' and '*' have a meaning here.
    private static readonly SearchValues<char> PartCharacters = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Except(['"', '\\', ':', '*'])]);

    /// <summary>Names the rule that a text breaks, or null for a scope.</summary>
    public static string? FindProblem(string? scope)
    {
        if (scope is null or "*")
        {
            return scope is null ? "it is null" : null;
        }

        var colon = scope.IndexOf(':', StringComparison.Ordinal);
        var action = scope.AsSpan(colon + 1);
        return scope.Length is 0 or > MaxLength ? $"a scope is 1 to {MaxLength} characters long"
            : colon == 0 || action.IsEmpty ? "both sides of the colon need a word"
            : action.Contains(':') ? "a scope holds at most one colon"
            : colon > 0 && !IsPart(scope.AsSpan(0, colon)) ? "a resource is of visible ASCII characters without \" \\ *"
            : !IsPart(action) && !(colon > 0 && action is "*") ? "* stands alone or as the whole action, and a word is of visible ASCII characters without \" \\"
            : null;
    }

    /// <summary>Tells whether a text may stand on its own or on a side of the colon.</summary>
    public static bool IsPart(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(PartCharacters);

    /// <summary>Quotes a text so that it cannot break a message: bounded, and in visible ASCII.</summary>
    public static string Quote(string? scope) =>
        $"\"{string.Concat((scope ?? "").Take(MaxLength).Select(c => char.IsBetween(c, ' ', '~') ? c.ToString() : $"\\u{(int)c:x4}"))}\"";
}
