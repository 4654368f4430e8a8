using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the consumers of Zuplo with their keys, as listed with <c>include-api-keys=true&amp;key-format=visible</c>.</summary>
internal static class ZuploSource
{
    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        foreach (var (position, consumer) in Rows.ReadJson(file, file.ReadJson(), "data"))
        {
            var keys = Fields.Find(consumer, "apiKeys") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
            if (keys.Count == 0)
            {
                yield return Create(position, consumer, "has no keys");
            }

            foreach (var (index, key) in keys.Index())
            {
                var draft = Create(keys.Count == 1 ? position : $"{position}, key {index + 1}", consumer);
                draft.Id = Fields.Text(key, "id", draft);
                draft.ExpiresAt = Fields.Time(key, "expiresOn", TimeSpan.FromMilliseconds(1), draft);
                draft.CreatedAt = Fields.Time(key, "createdOn", TimeSpan.FromMilliseconds(1), draft);
                if (Fields.Text(key, "key", draft) is { } secret)
                {
                    draft.Secrets.Add(secret);
                }

                yield return draft;
            }
        }
    }

    private static KeyDraft Create(string position, JsonElement consumer, string? skipReason = null)
    {
        var draft = new KeyDraft(position) { SkipReason = skipReason };
        draft.Name = Fields.Text(consumer, "name", draft);
        draft.OwnerId = draft.Name;
        Fields.Metadata(consumer, "tags", draft);
        Fields.Metadata(consumer, "metadata", draft);
        return draft;
    }
}
