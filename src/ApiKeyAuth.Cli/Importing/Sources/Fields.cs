using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>
/// Reads members of JSON objects, and of rows whose values are all text. A value of the wrong type is a problem of the key.
/// </summary>
internal static class Fields
{
    private const int MaxMetadataValue = 4_096;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns a member, or null if it is absent, null or an empty text.</summary>
    public static JsonElement? Find(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
        && !(value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0)
            ? value
            : null;

    public static string? Text(JsonElement item, string name, KeyDraft draft)
    {
        var value = Find(item, name);
        if (value is { ValueKind: JsonValueKind.Object or JsonValueKind.Array })
        {
            draft.Fail($"{name} must be a text");
            return null;
        }

        return value?.ToString();
    }

    public static long? Number(JsonElement item, string name, KeyDraft draft)
    {
        if (Find(item, name) is not { } value)
        {
            return null;
        }

        if (decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && Math.Abs(number) <= long.MaxValue)
        {
            return (long)number;
        }

        draft.Fail($"{name} must be a whole number");
        return null;
    }

    public static bool Flag(JsonElement item, string name, bool defaultValue, KeyDraft draft)
    {
        switch (Find(item, name)?.ToString().ToLowerInvariant())
        {
            case null:
                return defaultValue;
            case "true" or "t" or "1":
                return true;
            case "false" or "f" or "0":
                return false;
            default:
                draft.Fail($"{name} must be true or false");
                return defaultValue;
        }
    }

    /// <summary>Returns a duration, which is zero or very long if it cannot be represented.</summary>
    public static TimeSpan Milliseconds(long milliseconds) =>
        TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, long.MaxValue / 20_000));

    /// <summary>Reads a time as text or, if it is a number, in units since 1970.</summary>
    public static DateTimeOffset? Time(JsonElement item, string name, TimeSpan unit, KeyDraft draft)
    {
        if (Find(item, name) is not { } value)
        {
            return null;
        }

        var text = value.ToString();
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count))
        {
            var ticks = count * unit.Ticks;
            if (Math.Abs(ticks) <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks)
            {
                return DateTimeOffset.UnixEpoch.AddTicks((long)ticks);
            }
        }
        else if (DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        draft.Fail($"{name} must be a time");
        return null;
    }

    /// <summary>Reads a list: an array, an array as text, or a text with separators.</summary>
    public static IReadOnlyList<string>? List(JsonElement item, string name, KeyDraft draft)
    {
        if (Find(item, name) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;
        if (text is ['[', ..])
        {
            value = ParseOrNull(text) ?? value;
            text = value.ValueKind == JsonValueKind.String ? text : null;
        }

        if (text is not null)
        {
            // PostgreSQL writes {a,b}.
            var list = text is ['{', .., '}'] ? text[1..^1] : text;
            return list.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
        }

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String))
        {
            return [.. value.EnumerateArray().Select(entry => entry.GetString()!)];
        }

        draft.Fail($"{name} must be a list of texts");
        return null;
    }

    /// <summary>Reads an object, also one that is stored as text.</summary>
    public static JsonElement? Object(JsonElement item, string name, KeyDraft draft)
    {
        var value = Find(item, name);
        if (value is { ValueKind: JsonValueKind.String } text)
        {
            value = ParseOrNull(text.GetString()!);
        }

        if (value is { ValueKind: JsonValueKind.Object } || Find(item, name) is null)
        {
            return value;
        }

        if (value is not { ValueKind: JsonValueKind.Null })
        {
            draft.Fail($"{name} must be a JSON object");
        }

        return null;
    }

    /// <summary>Adds the members of an object to the metadata. Values that are not text are written as JSON.</summary>
    public static void Metadata(JsonElement item, string name, KeyDraft draft)
    {
        if (Object(item, name, draft) is not { } values)
        {
            return;
        }

        foreach (var member in values.EnumerateObject())
        {
            // As one line, because metadata holds no line breaks.
            var text = member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                ? JsonSerializer.Serialize(member.Value, Compact)
                : member.Value.ToString();
            if (text.Length > MaxMetadataValue)
            {
                draft.Fail($"{name} has a value of more than {MaxMetadataValue} characters");
                return;
            }

            draft.AddMetadata(member.Name, text);
        }
    }

    /// <summary>Adds a list to the metadata.</summary>
    public static void MetadataList(JsonElement item, string name, KeyDraft draft) =>
        draft.AddMetadata(name, List(item, name, draft) is { } values ? string.Join(' ', values) : null);

    private static JsonElement? ParseOrNull(string text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
