using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the consumers of a decK file of Kong: their keys, their groups as scopes, and their rate limits.</summary>
/// <remarks>A file in Kong's own declarative format may hold these in lists of their own, which name the consumer.</remarks>
internal static class KongSource
{
    private static readonly (string Name, TimeSpan Window)[] Windows =
    [
        ("second", TimeSpan.FromSeconds(1)), ("minute", TimeSpan.FromMinutes(1)), ("hour", TimeSpan.FromHours(1)),
        ("day", TimeSpan.FromDays(1)), ("month", TimeSpan.FromDays(30)), ("year", TimeSpan.FromDays(365)),
    ];

    private static readonly string[] ConsumerNames = ["username", "id", "custom_id"];

    private static readonly string[] ListNames = ["keyauth_credentials", "acls", "plugins"];

    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        var documents = YamlDocument.Read(file);
        if (!documents.Any(document => Fields.Find(document, "consumers") is { ValueKind: JsonValueKind.Array }))
        {
            throw file.Unexpected("a decK file with 'consumers'");
        }

        return documents.SelectMany(ReadDocument).SelectMany((item, index) =>
            ReadConsumer(item.Consumer, item.Lists, $"consumer {index + 1}"));
    }

    private static IEnumerable<(JsonElement Consumer, Dictionary<string, ILookup<string, JsonElement>> Lists)> ReadDocument(
        JsonElement document)
    {
        var lists = ListNames.ToDictionary(
            static name => name,
            name => ReadItems(document, name).ToLookup(item => GetText(item, "consumer") ?? "", StringComparer.Ordinal),
            StringComparer.Ordinal);
        return ReadItems(document, "consumers").Select(consumer => (consumer, lists));
    }

    private static IEnumerable<KeyDraft> ReadConsumer(
        JsonElement consumer, Dictionary<string, ILookup<string, JsonElement>> lists, string position)
    {
        var credentials = ReadItems(consumer, lists, "keyauth_credentials");
        if (credentials.Count == 0)
        {
            var none = new KeyDraft(position) { SkipReason = "has no keys" };
            none.Name = Fields.Text(consumer, "username", none);
            yield return none;
        }

        foreach (var (index, credential) in credentials.Index())
        {
            var draft = new KeyDraft(credentials.Count == 1 ? position : $"{position}, key {index + 1}");
            draft.Name = Fields.Text(consumer, "username", draft) ?? Fields.Text(consumer, "custom_id", draft);
            draft.OwnerId = Fields.Text(consumer, "custom_id", draft) ?? draft.Name;
            Fields.MetadataList(consumer, "tags", draft);
            List<string> groups =
                [.. ReadItems(consumer, lists, "acls").Select(acl => Fields.Text(acl, "group", draft)).OfType<string>()];
            draft.Scopes = groups.Count == 0 ? null : groups;
            ReadLimits(ReadItems(consumer, lists, "plugins"), draft);
            ReadCredential(credential, draft);
            yield return draft;
        }
    }

    private static void ReadCredential(JsonElement credential, KeyDraft draft)
    {
        if (Fields.Text(credential, "key", draft) is { } key)
        {
            draft.Secrets.Add(key);
        }

        draft.CreatedAt = Fields.Time(credential, "created_at", TimeSpan.FromSeconds(1), draft);
        if (Fields.Number(credential, "ttl", draft) is { } seconds)
        {
            if (draft.CreatedAt is { } created && seconds is > 0 and < int.MaxValue)
            {
                draft.ExpiresAt = created.AddSeconds(seconds);
            }
            else
            {
                draft.Fail("has a ttl without created_at, so that its end is not known");
            }
        }
    }

    private static void ReadLimits(List<JsonElement> plugins, KeyDraft draft)
    {
        foreach (var plugin in plugins.Where(plugin =>
            Fields.Text(plugin, "name", draft) is "rate-limiting" && Fields.Flag(plugin, "enabled", defaultValue: true, draft)))
        {
            foreach (var (name, window) in Windows)
            {
                if (Fields.Find(plugin, "config") is { } config)
                {
                    draft.AddLimit(name, Fields.Number(config, name, draft), window);
                }
            }
        }
    }

    /// <summary>Reads the items of a consumer, and those of the document that name it.</summary>
    private static List<JsonElement> ReadItems(
        JsonElement consumer, Dictionary<string, ILookup<string, JsonElement>> lists, string name) =>
    [
        .. ReadItems(consumer, name),
        .. ConsumerNames.Select(member => GetText(consumer, member)).Where(text => !string.IsNullOrEmpty(text)).Distinct()
            .SelectMany(text => lists[name][text!]),
    ];

    private static string? GetText(JsonElement item, string name) =>
        Fields.Find(item, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static List<JsonElement> ReadItems(JsonElement item, string name) =>
        Fields.Find(item, name) is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];
}
