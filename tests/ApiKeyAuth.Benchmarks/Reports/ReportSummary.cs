namespace ApiKeyAuth.Benchmarks.Reports;

/// <summary>Writes the five lines of the README from the results.</summary>
internal static class ReportSummary
{
    public static string Write(Report report)
    {
        string Get(string title, string row, int column) =>
            report.Tables.Single(table => table.Title == title).Rows.Single(cells => cells[0] == row)[column];
        string Request(string row) => Get("Whole requests", row, 1);
        string[] lines =
        [
            $"a whole request takes {Request("ApiKeyAuth, everything on")} times the framework's minimum, hand-written SHA-256 "
                + $"{Request("hand-written SHA-256")}, JwtBearer {Request("JwtBearer, HS256")}",
            $"over the wire, {Get("Over the wire", "requests per second, relative to the anonymous route", 1)} of the requests per second "
                + "without authentication",
            $"{Get("A million keys", "resident memory per warm key, with its limiter and counters", 1)} of memory per warm key",
            "a check of a limit: "
                + $"{Get("Limiter", "an admitted check, one thread, 1,000 keys; 0 B", 1)} in memory; over Redis, "
                + $"{Get("Limiter", "checks of 64 callers with a key each", 3)} the rate of a script of TIME, GET and SET",
            $"native code: {Get("Native code", "start to first response", 1)} to the first response",
        ];
        return string.Join('\n', lines.Select(line => $"- {line}"));
    }
}
