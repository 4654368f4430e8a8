using ApiKeyAuth.Benchmarks.Reports;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ApiKeyAuth.Benchmarks.Parts;

/// <summary>Measures small parts with BenchmarkDotNet, each compared with a baseline.</summary>
internal static class PartsBenchmark
{
    public static ReportTable Run()
    {
        var artifacts = Directory.CreateTempSubdirectory("parts-");
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(10))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(artifacts.FullName);
        try
        {
            return new ReportTable(
                "Parts",
                "Measured with BenchmarkDotNet, each compared with its baseline in the same run.",
                ["", "time", "baseline", "ratio", "bytes", "goal"],
                [
                    Row(
                        "parse a key of 55 characters and its checksum",
                        "its pattern as a compiled regular expression",
                        "60 ns, 0 B",
                        BenchmarkRunner.Run<ParseKey>(config)),
                    Row(
                        "check a scope against 20 grants",
                        "ClaimsPrincipal.HasClaim",
                        "40 ns, 0 B",
                        BenchmarkRunner.Run<CheckScope>(config)),
                ]);
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<string> Row(string name, string baselineName, string goal, Summary summary)
    {
        var reports = summary.Reports.OrderBy(report => report.BenchmarkCase.Descriptor.Baseline).ToList();
        var (ours, baseline) = (reports[0].ResultStatistics!.Median, reports[1].ResultStatistics!.Median);
        var bytes = reports[0].GcStats.GetBytesAllocatedPerOperation(reports[0].BenchmarkCase) ?? 0;
        return [name, $"{ours:F0} ns", $"{baselineName}: {baseline:F0} ns", $"{ours / baseline:F2} ×", $"{bytes}", goal];
    }
}
