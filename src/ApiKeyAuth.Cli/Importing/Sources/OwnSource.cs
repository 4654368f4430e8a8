using System.Text.Json;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads keys with the names of the management API, such as those that <c>keys export</c> writes.</summary>
internal static class OwnSource
{
    private static readonly string[] Columns =
    [
        "id", "name", "key", "hash", "additionalHashes", "hashAlgorithm", "prefix", "hint", "kind", "environment", "tenantId", "ownerId",
        "scopes", "rateLimits", "networks", "audiences", "metadata", "enabled", "expiresAt", "notBefore", "expiresAfterIdleDays",
        "createdAt",
    ];

    // An export contains them, but only the app sets them.
    private static readonly string[] Ignored =
        ["status", "revokedAt", "revocationReason", "createdBy", "lastUsedAt", "usageCount", "secrets"];

    private static readonly string[] Known = [.. Columns, .. Ignored];

    public static IEnumerable<KeyDraft> ReadJson(ImportFile file)
    {
        foreach (var (position, row) in Rows.ReadJson(file, file.ReadJson(), "keys"))
        {
            var draft = new KeyDraft(position);
            if (row.ValueKind != JsonValueKind.Object)
            {
                draft.Fail("must be an object");
            }
            else if (row.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
            {
                draft.Fail($"has the unknown member {Describe(unknown)}; members are {string.Join(", ", Columns)}");
            }

            Read(row, draft);
            yield return draft;
        }
    }

    public static IEnumerable<KeyDraft> ReadCsv(ImportFile file)
    {
        foreach (var (position, row) in Rows.ReadCsv(file, header => CheckHeader(file, header), GetName))
        {
            var draft = new KeyDraft(position);
            Read(row, draft);
            draft.Name = RemoveEscape(draft.Name);
            yield return draft;
        }
    }

    private static void Read(JsonElement row, KeyDraft draft)
    {
        draft.Id = Fields.Text(row, "id", draft);
        draft.Name = Fields.Text(row, "name", draft);
        draft.Kind = Fields.Text(row, "kind", draft);
        draft.Environment = Fields.Text(row, "environment", draft);
        draft.TenantId = Fields.Text(row, "tenantId", draft);
        draft.OwnerId = Fields.Text(row, "ownerId", draft);
        draft.Scopes = Fields.List(row, "scopes", draft);
        draft.Networks = Fields.List(row, "networks", draft) ?? [];
        draft.Audiences = Fields.List(row, "audiences", draft) ?? [];
        draft.Enabled = Fields.Flag(row, "enabled", defaultValue: true, draft);
        draft.CreatedAt = Fields.Time(row, "createdAt", TimeSpan.FromSeconds(1), draft);
        draft.NotBefore = Fields.Time(row, "notBefore", TimeSpan.FromSeconds(1), draft);
        draft.Prefix = Fields.Text(row, "prefix", draft);
        draft.Hint = Fields.Text(row, "hint", draft);
        draft.HashAlgorithm = Fields.Text(row, "hashAlgorithm", draft);
        Fields.Metadata(row, "metadata", draft);
        ReadExpiration(row, draft);
        ReadRateLimits(row, draft);
        ReadSecrets(row, draft);
        if (Fields.Find(row, "revokedAt") is not null || Fields.Find(row, "status")?.ToString() == "revoked")
        {
            draft.SkipReason = "is revoked";
        }
    }

    private static void ReadSecrets(JsonElement row, KeyDraft draft)
    {
        if (Fields.Text(row, "key", draft) is { } key)
        {
            draft.Secrets.Add(key);
        }

        if (Fields.Text(row, "hash", draft) is { } hash)
        {
            draft.Hashes.Add(hash);
            draft.Hashes.AddRange(Fields.List(row, "additionalHashes", draft) ?? []);
        }
    }

    private static void ReadExpiration(JsonElement row, KeyDraft draft)
    {
        if (Fields.Text(row, "expiresAt", draft) is { } text)
        {
            if (ApiKeyExpiry.TryParse(text, null, out var expiry))
            {
                draft.ExpiresAt = expiry;
            }
            else
            {
                draft.Fail("expiresAt must be a date such as 2027-12-31 or a time such as 2027-12-31T10:00:00Z");
            }
        }

        if (Fields.Number(row, "expiresAfterIdleDays", draft) is { } days)
        {
            draft.ExpiresAfterIdleDays = (int)Math.Clamp(days, 0, int.MaxValue);
        }
    }

    private static void ReadRateLimits(JsonElement row, KeyDraft draft)
    {
        // A limit can contain spaces and commas.
        var texts = Fields.Find(row, "rateLimits") is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : Fields.List(row, "rateLimits", draft) ?? [];
        foreach (var limit in texts)
        {
            if (RateLimit.TryParse(limit, null, out var parsed))
            {
                draft.AddLimit("rateLimits", parsed.Permits, parsed.Window);
            }
            else
            {
                draft.Fail("rateLimits must be limits such as 60/minute, separated by semicolons");
            }
        }
    }

    private static void CheckHeader(ImportFile file, IReadOnlyList<string> header)
    {
        Rows.RequireColumns(file, header, "name");
        if (header.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            var suggestion = Suggestions.Find(unknown, Columns) is { } name ? $" Did you mean '{name}'?" : "";
            throw new ToolException(
                $"The file {file.Name} has the unknown column {Describe(unknown)}.{suggestion} Columns are {string.Join(", ", Columns)}.");
        }
    }

    private static string Describe(string name) => SecretText.IsWord(name) ? $"'{name}'" : "(not shown)";

    private static string GetName(string column) =>
        Known.FirstOrDefault(name => name.Equals(column.Trim(), StringComparison.OrdinalIgnoreCase)) ?? column.Trim();

    // An export writes an apostrophe before a character with which a spreadsheet starts a formula.
    private static string? RemoveEscape(string? name) => name is ['\'', '=' or '+' or '-' or '@', ..] ? name[1..] : name;
}
