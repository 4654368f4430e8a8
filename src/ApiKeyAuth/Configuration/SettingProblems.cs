using System.Text.RegularExpressions;

namespace ApiKeyAuth.Configuration;

/// <summary>
/// Keeps values out of messages about settings: keys written in place of names, and values that the framework's binder quotes.
/// </summary>
internal static partial class SettingProblems
{
    /// <summary>Masks every word that is long enough to be a key, a hash or a pepper.</summary>
    public static string Mask(string problem) => LongTokenRegex().Replace(problem, "***");

    /// <summary>Returns the message of an exception. A message of the binder, which contains the value, is replaced.</summary>
    public static string FromException(Exception exception) =>
        BinderMessageRegex().Match(exception.Message) is { Success: true } match
            ? $"{match.Groups["path"].Value} is not a valid {match.Groups["type"].Value}; correct it where the app binds it."
            : exception.Message;

    // Words without a digit are not masked, because they are names of types and methods.
    [GeneratedRegex("(?<![A-Za-z0-9_-])(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{36,}")]
    private static partial Regex LongTokenRegex();

    [GeneratedRegex("^Failed to convert configuration value .* at '(?<path>[^']*)' to type '(?<type>[^']*)'", RegexOptions.Singleline)]
    private static partial Regex BinderMessageRegex();
}
