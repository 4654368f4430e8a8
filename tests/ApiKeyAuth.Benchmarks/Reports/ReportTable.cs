namespace ApiKeyAuth.Benchmarks.Reports;

/// <summary>Represents a table of results from one run.</summary>
/// <param name="Title">The title, which identifies the table.</param>
/// <param name="Note">A description of what was measured and how.</param>
/// <param name="Columns">The column headers.</param>
/// <param name="Rows">The rows.</param>
internal sealed record ReportTable(string Title, string Note, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    private const int MaxLineLength = 140;

    /// <summary>Formats the table as Markdown.</summary>
    public override string ToString() => string.Join('\n',
    [
        Wrap($"**{Title}.** {Note}"), "", Row(Columns), Row([.. Columns.Select(_ => "---")]), .. Rows.Select(Row),
    ]);

    private static string Wrap(string text)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length == 0)
            {
                lines[^1] = word;
            }
            else if (lines[^1].Length + 1 + word.Length <= MaxLineLength)
            {
                lines[^1] += " " + word;
            }
            else
            {
                lines.Add(word);
            }
        }

        return string.Join('\n', lines);
    }

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";
}
