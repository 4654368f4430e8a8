using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads YAML, and JSON as a part of it, as JSON in which every value is a text.</summary>
internal static class YamlDocument
{
    // An alias repeats what it refers to, so that a short file can describe a huge document.
    private const int MaxNodes = 5_000_000;
    private const int MaxDepth = 64;

    public static IReadOnlyList<JsonElement> Read(ImportFile file)
    {
        var yaml = new YamlStream();
        try
        {
            using var text = new StringReader(file.ReadText());
            yaml.Load(text);
        }
        catch (YamlException exception)
        {
            // The message can repeat the text.
            throw file.Invalid("YAML", exception.Start.Line);
        }

        var nodes = 0;
        return [.. yaml.Documents.Select(document => JsonSerializer.SerializeToElement(Convert(document.RootNode, 0, ref nodes, file)))];
    }

    private static JsonNode? Convert(YamlNode node, int depth, ref int nodes, ImportFile file)
    {
        if (++nodes > MaxNodes || depth > MaxDepth)
        {
            throw file.Unexpected("a document of fewer and less nested values");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (name, value) in mapping.Children)
                {
                    members[(name as YamlScalarNode)?.Value ?? ""] = Convert(value, depth + 1, ref nodes, file);
                }

                return members;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    items.Add(Convert(item, depth + 1, ref nodes, file));
                }

                return items;
            default:
                var scalar = (YamlScalarNode)node;
                return scalar is { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" } ? null : scalar.Value;
        }
    }
}
