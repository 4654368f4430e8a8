using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Serializes lists and dictionaries to JSON columns. Empty ones are null.</summary>
internal static partial class JsonColumnText
{
    public static string? Serialize(IEnumerable<string> items) =>
        items.ToArray() is [_, ..] some ? JsonSerializer.Serialize(some, Json.Default.StringArray) : null;

    public static string? Serialize(IReadOnlyDictionary<string, string> map) =>
        map.Count > 0 ? JsonSerializer.Serialize(new Dictionary<string, string>(map), Json.Default.DictionaryStringString) : null;

    public static string[] DeserializeList(string? text) =>
        text is null ? [] : JsonSerializer.Deserialize(text, Json.Default.StringArray) ?? [];

    public static Dictionary<string, string>? DeserializeDictionary(string? text) =>
        text is null ? null : JsonSerializer.Deserialize(text, Json.Default.DictionaryStringString);

    [JsonSerializable(typeof(string[]))]
    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class Json : JsonSerializerContext;
}
