using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ApiKeyAuth.Benchmarks.Reports;

/// <summary>The figures that were last measured, in <c>results.json</c>, and the part of the README that is made from them.</summary>
internal sealed class Report
{
    private const string Begin = "<!-- performance, made by tests/ApiKeyAuth.Benchmarks from results.json -->";
    private const string End = "<!-- /performance -->";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // In the order of the README.
    private static readonly string[] Titles = ["Whole requests", "Over the wire", "A million keys", "Parts", "Limiter", "Cold keys", "Native code"];

    public string Machine { get; set; } = "";

    public List<ReportTable> Tables { get; set; } = [];

    private static string Folder => Path.GetDirectoryName(Path.GetDirectoryName(SourcePath())!)!;

    private static string File => Path.Combine(Folder, "results.json");

    private static string Readme => Path.Combine(Folder, "..", "..", "README.md");

    /// <summary>Shows tables, keeps them, and makes the README's part anew.</summary>
    public static async Task PutAsync(params ReportTable[] tables)
    {
        var report = await LoadAsync();
        report.Machine = $"{Environment.ProcessorCount} cores of a shared {RuntimeInformation.OSArchitecture} machine, {RuntimeInformation.FrameworkDescription}";
        foreach (var table in tables)
        {
            Console.WriteLine($"\n{table}");
            report.Tables.RemoveAll(kept => kept.Title == table.Title);
            report.Tables.Add(table);
        }

        report.Tables = [.. report.Tables.OrderBy(table => Array.IndexOf(Titles, table.Title))];
        await System.IO.File.WriteAllTextAsync(File, JsonSerializer.Serialize(report, Json) + "\n");
        var readme = await System.IO.File.ReadAllTextAsync(Readme);
        await System.IO.File.WriteAllTextAsync(Readme, report.WriteInto(readme));
    }

    /// <summary>Tells whether the README says what <c>results.json</c> holds.</summary>
    public static async Task<bool> IsInReadmeAsync()
    {
        var readme = await System.IO.File.ReadAllTextAsync(Readme);
        return (await LoadAsync()).WriteInto(readme) == readme;
    }

    private static async Task<Report> LoadAsync() =>
        System.IO.File.Exists(File) ? JsonSerializer.Deserialize<Report>(await System.IO.File.ReadAllTextAsync(File), Json)! : new Report();

    private string WriteInto(string readme)
    {
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal), readme.IndexOf(End, StringComparison.Ordinal));
        return begin < 0 || end < begin
            ? throw new InvalidOperationException($"The README has no lines \"{Begin}\" and \"{End}\" between which the figures go.")
            : $"{readme[..begin]}{Begin}\nMeasured on {Machine}: ratios hold, absolute times do not.\n\n{string.Join("\n\n", Tables)}\n{readme[end..]}";
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;
}
