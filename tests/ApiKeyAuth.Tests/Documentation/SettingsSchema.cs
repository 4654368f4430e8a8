using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>Writes the JSON schema of the settings from the code, by which editors complete and check <c>appsettings.json</c>.</summary>
internal static partial class SettingsSchema
{
    private const string RateLimitPattern = @"\s*[1-9][0-9,]*\s*/\s*([1-9][0-9,]*\s+)?[A-Za-z]+\s*";
    private const string DurationPattern = @"\s*([0-9]+\s*(ms|s|m|h|d)|-?([0-9]+\.)?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)\s*";
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };


    // Sections of which several settings can replace a required one.
    private static readonly string[] Optional = ["AcceptedFormats[]:Alphabet", "Keys[]:Hash"];

    // Lists whose items can be just a name.
    private static readonly string[] NamedItems = ["HashAlgorithms", "Scopes"];

    // Settings of one text or a list of them.
    private static readonly string[] OneOrMany = ["AuthorizationSchemes", "Headers"];

    /// <summary>Writes the schema of a whole file, of which all other sections are free.</summary>
    public static string Write(IReadOnlyList<ProbedSetting> settings)
    {
        var section = CreateSection();
        section["description"] = "The settings of ApiKeyAuth.";
        foreach (var setting in settings)
        {
            Add(section, setting);
        }

        var properties = section["properties"]!;
        foreach (var name in NamedItems)
        {
            var list = properties[name]!;
            list["items"] = new JsonObject { ["anyOf"] = new JsonArray(CreateText(), list["items"]!.DeepClone()) };
        }

        properties["Keys"] = new JsonObject { ["anyOf"] = new JsonArray(properties["Keys"]!.DeepClone(), KeysById(properties["Keys"]!)) };
        var file = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["ApiKeyAuth"] = section } };
        return file.ToJsonString(Json) + "\n";
    }

    private static JsonObject KeysById(JsonNode list)
    {
        var key = list["items"]!.DeepClone().AsObject();
        key.Remove("required");
        key["properties"]!.AsObject().Remove("Id");
        return CreateMembers(key);
    }

    /// <summary>Adds a setting, and the sections above it that are missing.</summary>
    private static void Add(JsonObject root, ProbedSetting setting)
    {
        var section = root;
        foreach (var part in setting.Section.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            section = part == "{name}" ? GetOrAdd(section, "additionalProperties", CreateSection)
                : !part.EndsWith("[]", StringComparison.Ordinal) ? GetOrAdd(Properties(section), part, CreateSection)
                : GetOrAdd(GetOrAdd(Properties(section), part[..^2], CreateList), "items", CreateSection);
        }

        var (value, meaning) = SettingsPage.Describe(setting);
        var schema = CreateValue(setting);
        schema["description"] = Escape().Replace(meaning.Replace("`", "", StringComparison.Ordinal), "");
        if (value == "required" && !Optional.Contains(setting.Path))
        {
            GetOrAdd(section, "required", () => new JsonArray()).Add(setting.Name);
        }
        else if (ReadDefault(value, schema) is { } defaultValue)
        {
            schema["default"] = defaultValue;
        }

        Properties(section)[setting.Name] = schema;
    }

    private static JsonObject CreateValue(ProbedSetting setting)
    {
        var type = setting.Type.Split(", or `none`")[0];
        var schema = type switch
        {
            "`true` or `false`" => new JsonObject { ["type"] = "boolean" },
            "number" => CreateNumber(setting.Range),
            "duration" => CreateText(DurationPattern),
            "rate limit" => CreateText(RateLimitPattern),
            "rate limits" => CreateOneOrMany(CreateText($"{RateLimitPattern}(;{RateLimitPattern})*")),
            "texts by name" => CreateMembers(CreateText()),
            "actions by name" => CreateMembers(CreateChoice("Alert", "Rotate", "Revoke")),
            _ when type.StartsWith("list of", StringComparison.Ordinal) => new JsonObject { ["type"] = "array", ["items"] = CreateText() },
            _ when type.StartsWith('`') => CreateChoice([.. Choice().Matches(type).Select(match => match.Groups[1].Value)]),
            _ when OneOrMany.Contains(setting.Name) => CreateOneOrMany(CreateText()),
            _ => CreateText(),
        };
        return type == setting.Type ? schema : new JsonObject { ["anyOf"] = new JsonArray(schema, CreateChoice("none")) };
    }

    private static JsonObject CreateNumber(string range)
    {
        var schema = new JsonObject { ["type"] = "integer" };
        if (range.Split(" to ") is [var min, var max])
        {
            schema["minimum"] = ReadNumber(min);
            schema["maximum"] = ReadNumber(max);
        }

        return schema;
    }

    private static JsonObject CreateText(string? pattern = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (pattern is not null)
        {
            schema["pattern"] = $"^{pattern}$";
        }

        return schema;
    }

    private static JsonObject CreateOneOrMany(JsonObject text) => new()
    {
        ["anyOf"] = new JsonArray(text, new JsonObject { ["type"] = "array", ["items"] = text.DeepClone() }),
    };

    private static JsonObject CreateChoice(params string[] values) =>
        new() { ["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) };

    private static JsonObject CreateMembers(JsonObject value) => new() { ["type"] = "object", ["additionalProperties"] = value };

    private static JsonObject CreateSection() =>
        new() { ["type"] = "object", ["properties"] = new JsonObject(), ["additionalProperties"] = false };

    private static JsonObject CreateList() => new() { ["type"] = "array" };

    private static JsonObject Properties(JsonObject section) => section["properties"]!.AsObject();

    private static TNode GetOrAdd<TNode>(JsonObject parent, string name, Func<TNode> create)
        where TNode : JsonNode
    {
        if (parent[name] is not TNode node)
        {
            node = create();
            parent[name] = node;
        }

        return node;
    }

    /// <summary>Reads a default as the page writes it, such as <c>`5m`</c> or <c>1,000</c>.</summary>
    private static JsonNode? ReadDefault(string value, JsonObject schema) => value switch
    {
        "none" or "required" => null,
        "`true`" or "`false`" => value == "`true`",
        _ when !value.StartsWith('`') => ReadNumber(value),
        _ when (string?)schema["type"] == "array" =>
            new JsonArray([.. value.Split(", ").Select(item => JsonValue.Create(item.Trim('`')))]),
        _ => value.Trim('`'),
    };

    private static long ReadNumber(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Choice();

    [GeneratedRegex(@"\\(?=\|)")]
    private static partial Regex Escape();
}
