namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the CSV of API Gateway. Its columns have any case and order, and unknown ones are ignored.</summary>
internal static class AwsSource
{
    private const int MinLength = 20;
    private const int MaxLength = 128;

    public static IEnumerable<KeyDraft> Read(ImportFile file)
    {
        var rows = Rows.ReadCsv(
            file, header => Rows.RequireColumns(file, header, "name", "key"), static column => column.Trim().ToLowerInvariant());
        foreach (var (position, row) in rows)
        {
            var draft = new KeyDraft(position);
            draft.Name = Fields.Text(row, "name", draft);
            draft.Enabled = Fields.Flag(row, "enabled", defaultValue: true, draft);
            draft.AddMetadata("description", Fields.Text(row, "description", draft));
            Fields.MetadataList(row, "usageplanids", draft);
            if (Fields.Text(row, "key", draft) is { } key)
            {
                draft.Secrets.Add(key);
                if (key.Length is < MinLength or > MaxLength)
                {
                    draft.Fail($"must have a key of {MinLength} to {MaxLength} characters");
                }
            }

            yield return draft;
        }
    }
}
