using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Operations;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Describes the first fault of a body that is not JSON, or has a wrong type, a repeated or an unknown member.</summary>
/// <remarks>The message of the exception may contain a part of the body, and thus a secret, so that only its JSON path is used.</remarks>
internal static class BodyFault
{
    private const int MaxNameLength = 64;

    public static readonly ApiKeyError NotAnObject = Problems.Malformed("The body must be a JSON object");

    private static readonly ApiKeyError NotJson = Problems.Malformed(
        $"The body must be valid JSON with at most {RequestBody.MaxDepth} nested levels and without unpaired surrogates");

    public static ApiKeyError Describe(JsonException exception, JsonTypeInfo type)
    {
        // The reader reports faults of the syntax and the depth with an inner JsonException.
        if (exception.InnerException is JsonException || exception.Path is not ['$', .. var path])
        {
            return NotJson;
        }

        if (path.Length == 0)
        {
            return exception.InnerException is null ? NotAnObject : NotJson;
        }

        var (name, fault) = FindMember(path.TrimStart('.'), type);
        return Problems.Invalid(name, fault);
    }

    /// <summary>Finds the member of a path. An item of a list or a map is reported by the name of the list or the map.</summary>
    private static (string Name, string Fault) FindMember(string path, JsonTypeInfo type)
    {
        // The path contains names with other characters in brackets and quotes, so that they match no member.
        var name = path.Split('.', '[')[0];
        if (type.Properties.FirstOrDefault(property => property.Name == name) is not { } member)
        {
            return (Shorten(path), $"is unknown; the object may contain {string.Join(", ", type.Properties.Select(each => each.Name))}");
        }

        var memberType = type.Options.GetTypeInfo(member.PropertyType);
        if (memberType.Kind == JsonTypeInfoKind.Object && path.Length > name.Length)
        {
            var (innerName, fault) = FindMember(path[name.Length..].TrimStart('.'), memberType);
            return (innerName.StartsWith('[') ? name + innerName : $"{name}.{innerName}", fault);
        }

        var rest = path[name.Length..];
        if (FindItemType(memberType) is { } itemType && rest.IndexOf(']') is > 0 and var end)
        {
            var item = name + rest[..(end + 1)];
            var itemPath = rest[(end + 1)..].TrimStart('.');
            var (innerName, fault) = itemPath.Length == 0 ? ("", "must be an object") : FindMember(itemPath, itemType);
            return (innerName is "" or ['[', ..] ? item + innerName : $"{item}.{innerName}", fault);
        }

        return (name, $"{GetRequirement(memberType)}, and must not be repeated");
    }

    /// <summary>Returns the type of the items of a list of objects, or null.</summary>
    private static JsonTypeInfo? FindItemType(JsonTypeInfo list) =>
        list.Kind == JsonTypeInfoKind.Enumerable && list.Options.GetTypeInfo(list.ElementType!) is { Kind: JsonTypeInfoKind.Object } item
            ? item
            : null;

    private static string GetRequirement(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => "must be an object",
        JsonTypeInfoKind.Dictionary => "must be an object of strings",
        JsonTypeInfoKind.Enumerable when FindItemType(type) is not null => "must be a list of objects",
        JsonTypeInfoKind.Enumerable => "must be a list of strings",
        _ when type.Type == typeof(string) => "must be a valid string",
        _ when type.Type == typeof(bool?) => "must be true or false",
        _ => $"must be a whole number of at most {(type.Type == typeof(int?) ? int.MaxValue : long.MaxValue)}",
    };

    // Names come from the caller, so they are shortened. The response writer escapes control characters.
    private static string Shorten(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength] + "…";
}
