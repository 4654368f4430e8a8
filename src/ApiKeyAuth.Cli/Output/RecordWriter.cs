using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace ApiKeyAuth.Cli.Output;

/// <summary>Writes records: a table on a terminal, lines with tabs in a pipe, or JSON.</summary>
/// <param name="console">The console.</param>
internal sealed class RecordWriter(ToolConsole console)
{
    // Nothing is embedded in HTML, so only what JSON requires is escaped.
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a list.</summary>
    /// <param name="records">The records.</param>
    /// <param name="columns">The columns of the table.</param>
    /// <param name="fields">The members to write as JSON, or null to write the table.</param>
    /// <param name="nothing">The note for a person if the list is empty.</param>
    public void WriteList(
        IReadOnlyList<JsonObject> records, IReadOnlyList<Column> columns, IReadOnlyList<string>? fields, string nothing)
    {
        if (fields is not null)
        {
            WriteJson(new JsonArray([.. records.Select(record => Choose(record, fields))]));
        }
        else if (!console.IsOutputTerminal)
        {
            foreach (var record in records)
            {
                console.Out.WriteLine(string.Join('\t', columns.Select(column => CellText.Format(record[column.Field]))));
            }
        }
        else if (records.Count == 0)
        {
            console.Note(nothing);
        }
        else
        {
            var table = new Table { Border = TableBorder.Simple };
            var bold = new Style(decoration: Decoration.Bold);
            table.AddColumns([.. columns.Select(column => new TableColumn(new Text(column.Heading, bold)))]);
            foreach (var record in records)
            {
                table.AddRow(columns.Select(column => new Text(CellText.Format(record[column.Field]))));
            }

            console.CreateAnsi().Write(table);
        }
    }

    /// <summary>Writes one record: a line for each member that has a value.</summary>
    public void WriteRecord(JsonObject record, IReadOnlyList<string>? fields)
    {
        if (fields is not null)
        {
            WriteJson(Choose(record, fields));
            return;
        }

        var lines = record.Select(member => (member.Key, Text: CellText.Format(member.Value)))
            .Where(line => line.Text.Length > 0 || !console.IsOutputTerminal).ToList();
        if (!console.IsOutputTerminal)
        {
            lines.ForEach(line => console.Out.WriteLine($"{line.Key}\t{line.Text}"));
            return;
        }

        var grid = new Grid().AddColumns(2);
        lines.ForEach(line => grid.AddRow(new Text(line.Key, new Style(decoration: Decoration.Bold)), new Text(line.Text)));
        console.CreateAnsi().Write(grid);
    }

    /// <summary>Writes JSON, indented on a terminal.</summary>
    public void WriteJson(JsonNode node) => console.Out.WriteLine(node.ToJsonString(console.IsOutputTerminal ? Indented : Compact));

    private static JsonObject Choose(JsonObject record, IReadOnlyList<string> fields)
    {
        var chosen = new JsonObject();
        foreach (var field in fields)
        {
            chosen[field] = record[field]?.DeepClone();
        }

        return chosen;
    }
}
