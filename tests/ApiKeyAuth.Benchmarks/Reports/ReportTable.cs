namespace ApiKeyAuth.Benchmarks.Reports;

/// <summary>One table of figures, all from one run.</summary>
/// <param name="Title">What they are of; a table of the same title takes its place.</param>
/// <param name="Note">What they are measured against, and how.</param>
/// <param name="Columns">The heads of the columns.</param>
/// <param name="Rows">The rows.</param>
internal sealed record ReportTable(string Title, string Note, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Writes it as Markdown.</summary>
    public override string ToString() => string.Join('\n',
    [
        $"**{Title}.** {Note}", "", Row(Columns), Row([.. Columns.Select(_ => "---")]), .. Rows.Select(Row),
    ]);

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";
}
