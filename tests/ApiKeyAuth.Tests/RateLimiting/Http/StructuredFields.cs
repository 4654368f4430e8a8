using System.Globalization;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

/// <summary>Reads lists of strings with integer parameters, strictly (RFC 9651 §3.1, §3.1.2, §3.3.1, §3.3.3).</summary>
internal static partial class StructuredFields
{
    public static List<(string Value, IReadOnlyDictionary<string, long> Parameters)> ParseListOfStrings(string text)
    {
        Assert.That(List().IsMatch(text), text);
        return [.. Item().Matches(text).Select(item => (
            Escaped().Replace(item.Groups["value"].Value, "$1"),
            (IReadOnlyDictionary<string, long>)item.Groups["key"].Captures.Zip(item.Groups["number"].Captures)
                .ToDictionary(pair => pair.First.Value, pair => long.Parse(pair.Second.Value, CultureInfo.InvariantCulture))))];
    }

    private const string ItemPattern = """
        "(?<value>(?:[ !#-\[\]-~]|\\["\\])*)"(?:; *(?<key>[a-z*][a-z0-9_.*-]*)=(?<number>-?[0-9]{1,15}))*
        """;

    [GeneratedRegex($@"\A{ItemPattern}(?:[ \t]*,[ \t]*{ItemPattern})*\z")]
    private static partial Regex List();

    [GeneratedRegex(ItemPattern)]
    private static partial Regex Item();

    [GeneratedRegex("""\\(.)""")]
    private static partial Regex Escaped();
}
