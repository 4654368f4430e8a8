using System.Buffers;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Validates the settings of a format. Messages name the setting, the problem and the fix, never the value.</summary>
internal static class ApiKeyFormatRules
{
    private const string PrefixFix =
        "use letters and digits with single underscores between them, at most 32 characters, or \"\" for no prefix.";
    private const string EnvironmentFix = "use 1 to 16 lowercase letters and digits, such as \"live\".";
    private static readonly SearchValues<char> PrefixCharacters = SearchValues.Create(ApiKeyCharacters.Base62.Digits + "_");
    private static readonly SearchValues<char> EnvironmentCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    public static IEnumerable<string> FindErrors(ApiKeyFormat format)
    {
        if (FindPrefixProblem(format.Prefix) is { } problem)
        {
            yield return $"ApiKeyFormat.Prefix {problem}: {PrefixFix}";
        }

        foreach (var error in FindEnvironmentErrors(format.Environments))
        {
            yield return error;
        }

        if (!Enum.IsDefined(format.Encoding))
        {
            yield return $"ApiKeyFormat.Encoding is {(int)format.Encoding}, which is not a valid encoding: use Base62 or Hex.";
        }

        if (format.SecretBytes is < 16 or > 64)
        {
            yield return "ApiKeyFormat.SecretBytes is out of range: use 16 to 64 bytes (128 to 512 bits). The default is 32.";
        }
    }

    /// <summary>Returns the first character of a text that is not allowed, and its position, or null.</summary>
    public static string? FindInvalidCharacter(string text, SearchValues<char> allowed) =>
        text.AsSpan().IndexOfAnyExcept(allowed) is >= 0 and var index
            ? $"contains {(char.IsBetween(text[index], '!', '~') ? $"'{text[index]}'" : $"U+{(int)text[index]:X4}")} at index {index}"
            : null;

    private static IEnumerable<string> FindEnvironmentErrors(IReadOnlyList<string>? environments)
    {
        if (environments is null)
        {
            yield return "ApiKeyFormat.Environments is null: use an empty list for keys without an environment.";
            yield break;
        }

        for (var index = 0; index < environments.Count; index++)
        {
            if (FindEnvironmentProblem(environments[index]) is { } problem)
            {
                yield return $"ApiKeyFormat.Environments[{index}] {problem}: {EnvironmentFix}";
            }
            else if (environments.Take(index).Contains(environments[index], StringComparer.Ordinal))
            {
                yield return $"ApiKeyFormat.Environments[{index}] is a duplicate: remove it.";
            }
        }
    }

    private static string? FindPrefixProblem(string? prefix) =>
        prefix is null ? "is null"
        : prefix.Length > 32 ? $"is {prefix.Length} characters long"
        : FindInvalidCharacter(prefix, PrefixCharacters) is { } invalid ? invalid
        : prefix.StartsWith('_') ? "starts with an underscore"
        : prefix.EndsWith('_') ? "ends with an underscore, which the format adds itself"
        : prefix.Contains("__", StringComparison.Ordinal) ? "contains two underscores in a row"
        : null;

    private static string? FindEnvironmentProblem(string? environment) =>
        environment is null ? "is null"
        : environment.Length is 0 or > 16 ? $"is {environment.Length} characters long"
        : FindInvalidCharacter(environment, EnvironmentCharacters);
}
