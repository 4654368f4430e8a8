using System.Globalization;
using System.Text;

namespace ApiKeyAuth.Keys.Internal;

/// <summary>Finds characters that make a text look like a different one, such as in a list of keys.</summary>
/// <remarks>
/// Rejected are control characters, the line and paragraph separators, and the bidirectional embeddings, overrides and isolates of
/// Unicode Standard Annex #9, which reorder the text around them (CVE-2021-42574). The zero-width joiner and non-joiner (U+200D, U+200C)
/// are allowed: Persian, Hindi and other languages, and many emoji, cannot be written without them. The directional marks are allowed
/// too, because they do not reorder other text.
/// </remarks>
internal static class DisplayText
{
    /// <summary>Describes the characters that <see cref="IsMisleading"/> finds, for error messages.</summary>
    public const string MisleadingDescription =
        "a control character, a line or paragraph separator, or a bidirectional embedding, override or isolate";

    /// <summary>Determines whether a text contains a character that makes it look like a different one.</summary>
    public static bool IsMisleading(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Determines whether a text is empty or consists of white space and invisible characters only.</summary>
    public static bool IsBlank(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                return false;
            }
        }

        return true;
    }
}
