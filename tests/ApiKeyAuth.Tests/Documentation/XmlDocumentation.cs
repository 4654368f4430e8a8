using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>Provides the documentation comments of the core package.</summary>
internal static partial class XmlDocumentation
{
    private static readonly Dictionary<string, XElement> Members =
        XDocument.Load(Path.ChangeExtension(typeof(ApiKeyAuthOptions).Assembly.Location, ".xml"))
            .Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>Gets the summary of a member in Markdown, such as <c>P:ApiKeyAuth.Caching.ApiKeyCacheOptions.MaxKnownKeys</c>.</summary>
    public static string GetSummary(string member) =>
        WhiteSpace().Replace(string.Concat(Members[member].Element("summary")!.Nodes().Select(ToMarkdown)), " ").Trim();

    private static string ToMarkdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => ToCode(see),
        _ => throw new NotSupportedException($"{node} in a summary"),
    };

    private static string ToCode(XElement see) =>
        (string?)see.Attribute("langword") is { } word ? $"`{word}`" : $"`{((string)see.Attribute("cref")!).Split('.')[^1]}`";

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
