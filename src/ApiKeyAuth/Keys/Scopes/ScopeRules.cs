using System.Buffers;

namespace ApiKeyAuth.Keys.Scopes;

/// <summary>Validates the text of a scope.</summary>
internal static class ScopeRules
{
    private const int MaxLength = 128;

    // RFC 6749 §3.3, scope-token: %x21 / %x23-5B / %x5D-7E. The characters ':' and '*' have a meaning of their own here.
    private static readonly SearchValues<char> PartCharacters = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Except(['"', '\\', ':', '*'])]);

    /// <summary>Returns the rule that a text breaks, or null if it is a valid scope.</summary>
    public static string? FindProblem(string? scope)
    {
        if (scope is null or "*")
        {
            return scope is null ? "it is null" : null;
        }

        var colon = scope.IndexOf(':', StringComparison.Ordinal);
        var action = scope.AsSpan(colon + 1);
        return scope.Length is 0 or > MaxLength ? $"a scope must be 1 to {MaxLength} characters long"
            : colon == 0 || action.IsEmpty ? "both sides of the colon must have a word"
            : action.Contains(':') ? "a scope must have at most one colon"
            : colon > 0 && !IsPart(scope.AsSpan(0, colon)) ? "a resource must consist of visible ASCII characters without \" \\ *"
            : !IsPart(action) && !(colon > 0 && action is "*")
                ? "* must be the whole scope or the whole action, and a word must consist of visible ASCII characters without \" \\"
            : null;
    }

    /// <summary>Determines whether a text is a valid word on its own or on one side of the colon.</summary>
    public static bool IsPart(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(PartCharacters);

    /// <summary>Quotes a text for a message: truncated, with everything but visible ASCII escaped.</summary>
    public static string Quote(string? scope) =>
        $"\"{string.Concat((scope ?? "").Take(MaxLength).Select(c => char.IsBetween(c, ' ', '~') ? c.ToString() : $"\\u{(int)c:x4}"))}\"";
}
