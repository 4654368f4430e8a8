using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ApiKeyAuth.Cli.Exporting;

/// <summary>Writes keys as an array of JSON, one key in a line.</summary>
internal sealed class JsonKeyExport(TextWriter text, bool includesHashes) : KeyExport
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private bool _hasKeys;

    public override void Write(JsonObject key)
    {
        var record = new JsonObject(ExportFields.Read(key, includesHashes)
            .Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value.DeepClone())));
        text.Write(_hasKeys ? ",\n" : "[\n");
        text.Write(record.ToJsonString(Options));
        _hasKeys = true;
    }

    public override void End() => text.Write(_hasKeys ? "\n]\n" : "[]\n");

    // The text belongs to the caller.
    public override void Dispose()
    {
    }
}
