using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the consumers of a decK file of Kong: their keys, their groups as scopes, and their rate limits.</summary>
internal static class KongSource
{
    private static readonly (string Name, TimeSpan Window)[] Windows =
    [
        ("second", TimeSpan.FromSeconds(1)), ("minute", TimeSpan.FromMinutes(1)), ("hour", TimeSpan.FromHours(1)),
        ("day", TimeSpan.FromDays(1)), ("month", TimeSpan.FromDays(30)), ("year", TimeSpan.FromDays(365)),
    ];

    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        var documents = YamlDocument.Read(file);
        if (!documents.Any(document => Fields.Find(document, "consumers") is { ValueKind: JsonValueKind.Array }))
        {
            throw file.Unexpected("a decK file with 'consumers'");
        }

        return documents.SelectMany(document => ReadItems(document, "consumers"))
            .SelectMany((consumer, index) => ReadConsumer(consumer, $"consumer {index + 1}"));
    }

    private static IEnumerable<KeyDraft> ReadConsumer(JsonElement consumer, string position)
    {
        var credentials = ReadItems(consumer, "keyauth_credentials");
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
            List<string> groups = [.. ReadItems(consumer, "acls").Select(acl => Fields.Text(acl, "group", draft)).OfType<string>()];
            draft.Scopes = groups.Count == 0 ? null : groups;
            ReadLimits(consumer, draft);
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

    private static void ReadLimits(JsonElement consumer, KeyDraft draft)
    {
        var plugins = ReadItems(consumer, "plugins").Where(plugin =>
            Fields.Text(plugin, "name", draft) is "rate-limiting" && Fields.Flag(plugin, "enabled", defaultValue: true, draft));
        foreach (var plugin in plugins)
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

    private static List<JsonElement> ReadItems(JsonElement item, string name) =>
        Fields.Find(item, name) is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];
}
