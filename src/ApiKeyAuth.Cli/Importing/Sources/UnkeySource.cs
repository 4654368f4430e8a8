using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the body of Unkey's <c>migrateKeys</c>: SHA-256 of whole keys as Base64.</summary>
internal static class UnkeySource
{
    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        foreach (var (position, row) in Rows.ReadJson(file, file.ReadJson(), "keys"))
        {
            var draft = new KeyDraft(position);
            draft.Name = Fields.Text(row, "name", draft);
            draft.OwnerId = Fields.Text(row, "externalId", draft);
            draft.Enabled = Fields.Flag(row, "enabled", defaultValue: true, draft);
            draft.ExpiresAt = Fields.Time(row, "expires", TimeSpan.FromMilliseconds(1), draft);
            draft.Name ??= draft.OwnerId;
            var (roles, permissions) = (Fields.List(row, "roles", draft), Fields.List(row, "permissions", draft));
            draft.Scopes = roles is null && permissions is null ? null : [.. roles ?? [], .. permissions ?? []];
            Fields.Metadata(row, "meta", draft);
            ReadHash(row, draft);
            ReadLimits(row, draft);
            yield return draft;
        }
    }

    private static void ReadHash(JsonElement row, KeyDraft draft)
    {
        // An earlier version of the API wrote an object.
        var hash = Fields.Find(row, "hash") is { ValueKind: JsonValueKind.Object } old ? Fields.Text(old, "value", draft)
            : Fields.Text(row, "hash", draft);
        if (hash is not null)
        {
            draft.Hashes.Add(hash);
        }
    }

    private static void ReadLimits(JsonElement row, KeyDraft draft)
    {
        if (Fields.Find(row, "ratelimits") is { ValueKind: JsonValueKind.Array } limits)
        {
            foreach (var limit in limits.EnumerateArray())
            {
                var milliseconds = Fields.Number(limit, "duration", draft) ?? 0;
                draft.AddLimit("ratelimits", Fields.Number(limit, "limit", draft), Fields.Milliseconds(milliseconds));
            }
        }

        // Credits have no equivalent. A key that has none left would otherwise be accepted again.
        if (Fields.Find(row, "credits") is { } credits && Fields.Number(credits, "remaining", draft) is <= 0)
        {
            draft.Enabled = false;
        }
    }
}
