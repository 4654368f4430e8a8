using System.Globalization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Formats the pattern of a key format for other scanners.</summary>
internal static class PatternText
{
    private const string WordEnd = @"\b";

    /// <summary>Formats a rule of gitleaks, whose patterns are those of RE2. Its own rules also look for a keyword first.</summary>
    public static string Gitleaks(ApiKeyFormat format, int index) => $"""
        {(index == 0 ? "title = \"API keys\"\n\n[extend]\nuseDefault = true\n\n" : "\n")}[[rules]]
        id = "{GetName(index)}"
        description = "API key {format}"
        regex = '''{WordEnd}({GetCore(format)}){WordEnd}'''
        secretGroup = 1
        keywords = [{string.Join(", ", GetKeywords(format).Select(keyword => $"\"{keyword}\""))}]

        """;

    /// <summary>Formats a custom detector of trufflehog.</summary>
    public static string Trufflehog(ApiKeyFormat format, int index) => $"""
        {(index == 0 ? "detectors:\n" : "")}  - name: {GetName(index)}
            keywords:
        {string.Join('\n', GetKeywords(format).Select(keyword => $"      - '{keyword}'"))}
            regex:
              token: '{WordEnd}({GetCore(format)}){WordEnd}'

        """;

    /// <summary>Formats the fields of a custom pattern, whose expressions are those of Hyperscan.</summary>
    public static string GitHub(ApiKeyFormat format, int index) => $"""
        {(index == 0 ? "" : "\n")}Pattern name: API key {format}
        Secret format: {GetCore(format)}
        Before secret: \A|[^0-9A-Za-z_]
        After secret: \z|[^0-9A-Za-z_]

        """;

    private static string GetName(int index) =>
        index == 0 ? "apikeyauth-key" : string.Create(CultureInfo.InvariantCulture, $"apikeyauth-key-{index + 1}");

    /// <summary>Returns the pattern without the ends of words.</summary>
    private static string GetCore(ApiKeyFormat format) => format.ScannerPattern[WordEnd.Length..^WordEnd.Length];

    private static string[] GetKeywords(ApiKeyFormat format) =>
        format.Prefix.Length == 0 && format.Environments.Count == 0 ? []
        : format.Environments.Count == 0 ? [format.Prefix + "_"]
        : [.. format.Environments.Select(environment => (format.Prefix.Length == 0 ? "" : format.Prefix + "_") + environment + "_")];
}
