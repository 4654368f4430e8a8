using System.Text.Json;

namespace AgentCrm;

/// <summary>Checks the arguments of a tool, which are all texts, against the schema that the tool is listed with.</summary>
internal static class ToolArguments
{
    /// <summary>Finds everything that is wrong, or returns null.</summary>
    public static string? FindFault(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        arguments ??= new Dictionary<string, JsonElement>();
        string[] required = schema.TryGetProperty("required", out var names) ? [.. names.EnumerateArray().Select(name => $"{name}")] : [];
        var faults = required.Where(name => !arguments.ContainsKey(name)).Select(name => $"{name} is required")
            .Concat(arguments.Select(argument => FindFault(schema, argument.Key, argument.Value)).OfType<string>());
        return string.Join("; ", faults) is { Length: > 0 } fault ? fault : null;
    }

    private static string? FindFault(JsonElement schema, string name, JsonElement value)
    {
        if (!schema.TryGetProperty("properties", out var properties) || !properties.TryGetProperty(name, out var property))
        {
            return $"{name} is not an argument of this tool";
        }

        return value.ValueKind != JsonValueKind.String ? $"{name} must be a string; omit it to keep the default"
            : property.TryGetProperty("format", out var format) && $"{format}" == "uuid" && !value.TryGetGuid(out _)
                ? $"{name} must be a UUID"
            : null;
    }
}
