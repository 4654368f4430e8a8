using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads subscriptions of Azure API Management. Their two keys become the two secrets of one key.</summary>
internal static class AzureSource
{
    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        foreach (var (position, row) in Rows.ReadJson(file, file.ReadJson(), "value"))
        {
            var properties = Fields.Find(row, "properties") ?? row;
            var draft = new KeyDraft(position);
            draft.Name = Fields.Text(properties, "displayName", draft) ?? Fields.Text(row, "name", draft);
            draft.OwnerId = Fields.Text(properties, "ownerId", draft)?.Split('/')[^1];

            // A subscription that is not active yet, or no longer, is not accepted there.
            draft.Enabled = Fields.Text(properties, "state", draft) is null or "active";
            draft.CreatedAt = Fields.Time(properties, "createdDate", TimeSpan.FromSeconds(1), draft);
            draft.ExpiresAt = Fields.Time(properties, "expirationDate", TimeSpan.FromSeconds(1), draft);
            draft.AddMetadata("scope", Fields.Text(properties, "scope", draft));
            AddSecret(properties, "primaryKey", draft);
            AddSecret(properties, "secondaryKey", draft);
            draft.Name ??= draft.OwnerId;
            yield return draft;
        }
    }

    private static void AddSecret(JsonElement properties, string name, KeyDraft draft)
    {
        if (Fields.Text(properties, name, draft) is { } secret && !draft.Secrets.Contains(secret))
        {
            draft.Secrets.Add(secret);
        }
    }
}
