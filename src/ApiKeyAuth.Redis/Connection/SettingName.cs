using System.Text.RegularExpressions;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Finds the name of the setting that an argument is read from, by the source text of the argument.</summary>
internal static partial class SettingName
{
    /// <summary>Describes the setting, or gives an example if the text names none.</summary>
    /// <param name="expression">The source text, such as <c>builder.Configuration.GetConnectionString("Redis")!</c>.</param>
    public static string Describe(string? expression)
    {
        // Other literals are not shown, because one might be a connection string.
        if (expression is not null && ReadingRegex().Match(expression) is { Success: true } found)
        {
            return found.Groups["connection"] is { Success: true } connection
                ? $"ConnectionStrings:{connection.Value}"
                : found.Groups["name"].Value;
        }

        return expression is not null && NameRegex().IsMatch(expression)
            ? expression.TrimEnd('!')
            : "the setting it is read from, such as ConnectionStrings:Redis";
    }

    [GeneratedRegex("""
        GetConnectionString\(\s*"(?<connection>[\w:.-]+)"\s*\)
        |(?:GetEnvironmentVariable\(|GetValue<string>\(|\[)\s*"(?<name>[\w:.-]+)"\s*[\])]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex ReadingRegex();

    [GeneratedRegex(@"\A(?!null\b)[A-Za-z_][\w.]*!?\z")]
    private static partial Regex NameRegex();
}
