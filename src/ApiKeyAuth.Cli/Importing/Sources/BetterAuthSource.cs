using System.Buffers.Text;
using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the table <c>apikey</c> of better-auth: SHA-256 of whole keys as Base64url, or keys if it does not hash them.</summary>
internal static class BetterAuthSource
{
    private const int HashLength = 43;

    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        foreach (var (position, row) in Rows.ReadJsonOrCsv(file, "apikey", "key"))
        {
            var draft = new KeyDraft(position);
            draft.OwnerId = Fields.Text(row, "referenceId", draft) ?? Fields.Text(row, "userId", draft);
            draft.Name = Fields.Text(row, "name", draft) ?? draft.OwnerId;
            draft.ExpiresAt = Fields.Time(row, "expiresAt", TimeSpan.FromMilliseconds(1), draft);
            draft.CreatedAt = Fields.Time(row, "createdAt", TimeSpan.FromMilliseconds(1), draft);

            // A key without uses that are left would otherwise be accepted again.
            draft.Enabled = Fields.Flag(row, "enabled", defaultValue: true, draft)
                && Fields.Number(row, "remaining", draft) is not <= 0;
            if (Fields.Flag(row, "rateLimitEnabled", defaultValue: true, draft))
            {
                var milliseconds = Fields.Number(row, "rateLimitTimeWindow", draft) ?? 0;
                draft.AddLimit("rateLimitMax", Fields.Number(row, "rateLimitMax", draft), Fields.Milliseconds(milliseconds));
            }

            Fields.Metadata(row, "metadata", draft);
            draft.Scopes = ReadScopes(row, draft);
            ReadKey(row, draft);
            yield return draft;
        }
    }

    private static List<string>? ReadScopes(JsonElement row, KeyDraft draft)
    {
        if (Fields.Object(row, "permissions", draft) is not { } permissions)
        {
            return null;
        }

        var scopes = new List<string>();
        foreach (var resource in permissions.EnumerateObject())
        {
            scopes.AddRange((Fields.List(permissions, resource.Name, draft) ?? []).Select(action => $"{resource.Name}:{action}"));
        }

        return scopes;
    }

    /// <summary>Reads a key that is hashed unless it starts as the table says.</summary>
    private static void ReadKey(JsonElement row, KeyDraft draft)
    {
        var start = Fields.Text(row, "start", draft) ?? Fields.Text(row, "prefix", draft);
        if (Fields.Text(row, "key", draft) is not { } key)
        {
            return;
        }

        var isHash = key.Length == HashLength && Base64Url.IsValid(key);
        if (start is not null && key.StartsWith(start, StringComparison.Ordinal))
        {
            draft.Secrets.Add(key);
        }
        else if (isHash)
        {
            draft.Hashes.Add(key);
            draft.Prefix = start;
        }
        else if (start is null)
        {
            draft.Secrets.Add(key);
        }
        else
        {
            draft.Fail("has a key that is neither a hash nor starts as the table says");
        }
    }
}
