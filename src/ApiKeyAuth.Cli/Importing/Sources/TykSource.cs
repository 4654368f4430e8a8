using System.Text.Json;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads session objects of Tyk by their keys. The keys must not be hashed, because Tyk's hash cannot be verified.</summary>
internal static class TykSource
{
    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        var document = file.ReadJson();
        if (document.ValueKind != JsonValueKind.Object)
        {
            throw file.Unexpected("an object with a session object for each key");
        }

        return document.EnumerateObject().Select((session, index) => Read(session.Name, session.Value, $"record {index + 1}"));
    }

    private static KeyDraft Read(string key, JsonElement session, string position)
    {
        var draft = new KeyDraft(position);
        if (session.ValueKind != JsonValueKind.Object)
        {
            draft.Fail("must be a session object");
            return draft;
        }

        draft.Secrets.Add(key);
        draft.Name = Fields.Text(session, "alias", draft);
        draft.TenantId = Fields.Text(session, "org_id", draft);
        draft.Enabled = !Fields.Flag(session, "is_inactive", defaultValue: false, draft);
        draft.CreatedAt = Fields.Time(session, "date_created", TimeSpan.FromSeconds(1), draft);
        if (Fields.Number(session, "expires", draft) is > 0)
        {
            draft.ExpiresAt = Fields.Time(session, "expires", TimeSpan.FromSeconds(1), draft);
        }

        draft.Name ??= $"Tyk {position}";
        Fields.Metadata(session, "meta_data", draft);
        Fields.MetadataList(session, "tags", draft);
        if (Fields.Object(session, "access_rights", draft) is { } rights)
        {
            draft.AddMetadata("access_rights", string.Join(' ', rights.EnumerateObject().Select(api => api.Name)));
        }

        AddLimit(session, "rate", "per", draft);
        AddLimit(session, "quota_max", "quota_renewal_rate", draft);
        return draft;
    }

    /// <summary>Adds a limit. Minus one means none, and zero only if the time is not set either.</summary>
    private static void AddLimit(JsonElement session, string countName, string secondsName, KeyDraft draft)
    {
        var (count, seconds) = (Fields.Number(session, countName, draft), Fields.Number(session, secondsName, draft));
        if (count is null or -1 || (count == 0 && seconds is null or 0))
        {
            return;
        }

        draft.AddLimit(countName, count, TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, 0, int.MaxValue)));
    }
}
