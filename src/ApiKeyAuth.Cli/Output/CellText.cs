using System.Text.Json;
using System.Text.Json.Nodes;

namespace ApiKeyAuth.Cli.Output;

/// <summary>Formats a member of a record as the text of one cell.</summary>
internal static class CellText
{
    public static string Format(JsonNode? node) => Clean(node switch
    {
        null => "",
        JsonArray array => string.Join(", ", array.Select(Format)),
        JsonObject record => record.Count == 0 ? "" : record.ToJsonString(),
        _ => node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString(),
    });

    /// <summary>Replaces control characters, which could end a line or control the terminal.</summary>
    private static string Clean(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c)) : text;
}
