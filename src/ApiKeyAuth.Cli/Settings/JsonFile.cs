using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.Settings;

/// <summary>Reads and writes a file of settings.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file that is to be changed. A file that does not exist is empty.</summary>
    /// <exception cref="ToolException">The file is not valid JSON, or has comments, which a change would lose.</exception>
    public static JsonObject Read(string path)
    {
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw NotAnObject(path);
        }
        catch (JsonException exception) when (HasComments(text))
        {
            throw new ToolException(
                $"{path} has comments or trailing commas (line {exception.LineNumber + 1}), which a change would lose. "
                + "Remove them, or add the entry of 'apikeyauth new' by hand.");
        }
        catch (JsonException exception)
        {
            throw new ToolException($"{path} is not valid JSON (line {exception.LineNumber + 1}). Correct it and repeat the command.");
        }
    }

    /// <summary>Returns a member that is an object, and creates it if it is missing.</summary>
    /// <exception cref="ToolException">The member is something else, such as a list.</exception>
    public static JsonObject GetOrAddObject(JsonObject parent, string name, string path)
    {
        if (parent[name] is null)
        {
            parent[name] = new JsonObject();
        }

        return parent[name] as JsonObject ?? throw new ToolException(
            $"The member {name} in {path} is a list or a value. Write it as an object whose members are named like the IDs.");
    }

    public static string Format(JsonNode node) => node.ToJsonString(Indented);

    /// <summary>Writes a file as a whole, or not at all.</summary>
    public static void Write(string path, JsonNode node)
    {
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(draft, Format(node) + "\n");
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static bool HasComments(string text)
    {
        try
        {
            JsonNode.Parse(text, documentOptions: Lenient);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ToolException NotAnObject(string path) => new($"{path} does not hold a JSON object. Correct it and repeat the command.");
}
