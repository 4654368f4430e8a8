using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the table <c>LiteLLM_VerificationToken</c>: SHA-256 of whole keys, or the keys themselves.</summary>
internal static class LiteLlmSource
{
    private const string Prefix = "sk-";
    private const int HintLength = 4;

    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        foreach (var (position, row) in Rows.ReadJsonOrCsv(file, "keys", "token"))
        {
            var draft = new KeyDraft(position);
            draft.OwnerId = Fields.Text(row, "user_id", draft);
            draft.TenantId = Fields.Text(row, "team_id", draft);
            draft.Name = Fields.Text(row, "key_alias", draft) ?? Fields.Text(row, "key_name", draft);
            draft.Enabled = !Fields.Flag(row, "blocked", defaultValue: false, draft);
            draft.ExpiresAt = Fields.Time(row, "expires", TimeSpan.FromSeconds(1), draft);
            draft.CreatedAt = Fields.Time(row, "created_at", TimeSpan.FromSeconds(1), draft);
            draft.AddLimit("rpm_limit", Fields.Number(row, "rpm_limit", draft), TimeSpan.FromMinutes(1));
            Fields.Metadata(row, "metadata", draft);
            Fields.MetadataList(row, "models", draft);
            ReadToken(row, draft);
            yield return draft;
        }
    }

    private static void ReadToken(JsonElement row, KeyDraft draft)
    {
        if (Fields.Text(row, "token", draft) is not { } token)
        {
            return;
        }

        if (token.StartsWith(Prefix, StringComparison.Ordinal))
        {
            draft.Secrets.Add(token);
            return;
        }

        // The name of a key is its start and its end, such as sk-...abcd.
        draft.Hashes.Add(token);
        if (Fields.Text(row, "key_name", draft) is { } name && name.StartsWith(Prefix + "...", StringComparison.Ordinal)
            && name.Length == Prefix.Length + 3 + HintLength)
        {
            draft.Prefix = Prefix;
            draft.Hint = name[^HintLength..];
        }
    }
}
