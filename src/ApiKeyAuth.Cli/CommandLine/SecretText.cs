using System.Text.RegularExpressions;

namespace ApiKeyAuth.Cli.CommandLine;

/// <summary>Masks what may be a secret in an error, because an error often repeats a value that was pasted into the wrong place.</summary>
internal static partial class SecretText
{
    private const int MaxWordLength = 24;

    /// <summary>Masks long words that contain a digit, and joins the lines of a text.</summary>
    public static string ToLine(string text) =>
        LongWordRegex().Replace(string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)), "***");

    /// <summary>Determines whether an argument can be shown in an error: a short word like that of a command or an option.</summary>
    public static bool IsWord(string argument) =>
        argument.Length <= MaxWordLength && argument.All(static c => char.IsAsciiLetter(c) || c == '-');

    // A key ID has 24 characters, and a GUID with dashes is an ID as well.
    [GeneratedRegex(
        "(?<![A-Za-z0-9_-])(?!(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})(?![A-Za-z0-9_-]))"
        + "(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{28,}")]
    private static partial Regex LongWordRegex();
}
