using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the credentials of Envoy's filter <c>api_key_auth</c>, wherever they are in a YAML or JSON file.</summary>
internal static class EnvoySource
{
    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        List<JsonElement> credentials = [.. YamlDocument.Read(file).SelectMany(Find)];
        if (credentials.Count == 0)
        {
            throw file.Unexpected("the list 'credentials' of api_key_auth");
        }

        return credentials.Select((credential, index) => Read(credential, $"credential {index + 1}"));
    }

    private static KeyDraft Read(JsonElement credential, string position)
    {
        var draft = new KeyDraft(position);
        draft.Name = Fields.Text(credential, "client", draft);
        draft.OwnerId = draft.Name;
        if (Fields.Text(credential, "key", draft) is { } key)
        {
            draft.Secrets.Add(key);
        }

        return draft;
    }

    private static IEnumerable<JsonElement> Find(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(member =>
            member.Name == "credentials" && member.Value.ValueKind == JsonValueKind.Array
                ? member.Value.EnumerateArray()
                : Find(member.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(Find),
        _ => [],
    };
}
