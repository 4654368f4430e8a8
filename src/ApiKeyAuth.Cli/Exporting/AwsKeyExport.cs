using System.Text.Json.Nodes;
using CsvHelper;

namespace ApiKeyAuth.Cli.Exporting;

/// <summary>Writes the CSV that API Gateway imports. Its keys must be filled in, because no database holds them.</summary>
internal sealed class AwsKeyExport : KeyExport
{
    private static readonly string[] Names = ["Name", "Key", "Description", "Enabled", "UsagePlanIds"];
    private readonly CsvWriter _csv;

    public AwsKeyExport(TextWriter text)
    {
        _csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n", Injection = CsvInjection.Escape }, leaveOpen: true);
        WriteRow(Names);
    }

    public override string Note => " API Gateway needs the keys in the column Key, or makes new ones: no database holds them.";

    public override void Write(JsonObject key) => WriteRow(
        [
            (string?)key["name"] ?? "",
            "",
            (string?)key["metadata"]?["description"] ?? $"{key["id"]}",
            (string?)key["status"] is "active" ? "TRUE" : "FALSE",
            ((string?)key["metadata"]?["usageplanids"] ?? "").Replace(' ', ','),
        ]);

    public override void End() => _csv.Flush();

    public override void Dispose() => _csv.Dispose();

    private void WriteRow(string[] fields)
    {
        foreach (var field in fields)
        {
            _csv.WriteField(field);
        }

        _csv.EndRecord();
    }
}
