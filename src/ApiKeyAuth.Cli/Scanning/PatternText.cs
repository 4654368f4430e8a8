using System.Globalization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Formats the pattern of a key format for other scanners.</summary>
internal static class PatternText
{
    private const string WordEnd = @"\b";

    /// <summary>Formats a rule of gitleaks, whose patterns are those of RE2. Its own rules also look for a keyword first.</summary>
    public static string Gitleaks(AcceptedApiKeyFormat format, string pattern, int index) => $"""
        {(index == 0 ? "title = \"API keys\"\n\n[extend]\nuseDefault = true\n\n" : "\n")}[[rules]]
        id = "{GetName(index)}"
        description = {QuoteToml($"API key {format}")}
        regex = '''{Group(pattern)}'''
        secretGroup = 1
        keywords = [{string.Join(", ", GetKeywords(format).Select(QuoteToml))}]

        """;

    /// <summary>Formats a custom detector of trufflehog.</summary>
    public static string Trufflehog(AcceptedApiKeyFormat format, string pattern, int index) => $"""
        {(index == 0 ? "detectors:\n" : "")}  - name: {GetName(index)}
            keywords:
        {string.Join('\n', GetKeywords(format).Select(keyword => $"      - {QuoteYaml(keyword)}"))}
            regex:
              token: {QuoteYaml(Group(pattern))}

        """;

    /// <summary>Formats the fields of a custom pattern, whose expressions are those of Hyperscan.</summary>
    public static string GitHub(AcceptedApiKeyFormat format, string pattern, int index) => $"""
        {(index == 0 ? "" : "\n")}Pattern name: API key {format}
        Secret format: {Split(pattern).Core}
        Before secret: \A|[^0-9A-Za-z_]
        After secret: \z|[^0-9A-Za-z_]

        """;

    private static string GetName(int index) =>
        index == 0 ? "apikeyauth-key" : string.Create(CultureInfo.InvariantCulture, $"apikeyauth-key-{index + 1}");

    private static string Group(string pattern)
    {
        var (start, core, end) = Split(pattern);
        return $"{start}({core}){end}";
    }

    /// <summary>Splits a pattern into the start of a word, the key and the end of a word, of which a padded key has none.</summary>
    private static (string Start, string Core, string End) Split(string pattern)
    {
        var start = pattern.StartsWith(WordEnd, StringComparison.Ordinal) ? WordEnd : "";
        var end = pattern.EndsWith(WordEnd, StringComparison.Ordinal) ? WordEnd : "";
        return (start, pattern[start.Length..^end.Length], end);
    }

    private static string[] GetKeywords(AcceptedApiKeyFormat format) => format switch
    {
        ExternalApiKeyFormat external => [external.Prefix],
        ApiKeyFormat { Environments: [], Prefix: "" } => [],
        ApiKeyFormat { Environments: [] } issued => [issued.Prefix + "_"],
        ApiKeyFormat issued =>
            [.. issued.Environments.Select(environment => (issued.Prefix.Length == 0 ? "" : issued.Prefix + "_") + environment + "_")],
        _ => [],
    };

    private static string QuoteToml(string text) =>
        '"' + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    private static string QuoteYaml(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
