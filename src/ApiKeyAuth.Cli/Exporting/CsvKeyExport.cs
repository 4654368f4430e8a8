using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;

namespace ApiKeyAuth.Cli.Exporting;

/// <summary>Writes keys as CSV. A field that a spreadsheet would run as a formula starts with an apostrophe.</summary>
internal sealed class CsvKeyExport : KeyExport
{
    private readonly bool _includesHashes;
    private readonly IReadOnlyList<string> _names;
    private readonly CsvWriter _csv;

    public CsvKeyExport(TextWriter text, bool includesHashes)
    {
        _includesHashes = includesHashes;
        _names = ExportFields.Get(includesHashes);
        _csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n", Injection = CsvInjection.Escape }, leaveOpen: true);
        foreach (var name in _names)
        {
            _csv.WriteField(name);
        }

        _csv.EndRecord();
    }

    public override void Write(JsonObject key)
    {
        var values = ExportFields.Read(key, _includesHashes)
            .ToDictionary(member => member.Name, member => Format(member.Name, member.Value));
        foreach (var name in _names)
        {
            _csv.WriteField(values.GetValueOrDefault(name, ""));
        }

        _csv.EndRecord();
    }

    public override void End() => _csv.Flush();

    public override void Dispose() => _csv.Dispose();

    private static string Format(string name, JsonNode value) => value switch
    {
        JsonArray { Count: 0 } or JsonObject { Count: 0 } => "",
        JsonArray items when name == "rateLimits" => string.Join("; ", items.Select(item => (string)item!)),

        // A text with a separator would be read as two.
        JsonArray items when items.All(item => ((string)item!).AsSpan().IndexOfAny(" ,;[{") < 0) =>
            string.Join(' ', items.Select(item => (string)item!)),
        _ => value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString(),
    };
}
