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

/// <summary>Small parts by BenchmarkDotNet, each beside a rival.</summary>
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
                "By BenchmarkDotNet, each beside its rival in the same run.",
                ["", "time", "rival", "beside it", "bytes", "to reach"],
                [
                    Row("parse a key of 55 characters, checksum and all", "its pattern as a compiled regular expression", "60 ns, 0 B", BenchmarkRunner.Run<ParseKey>(config)),
                    Row("ask 20 grants for a scope", "ClaimsPrincipal.HasClaim", "40 ns, 0 B", BenchmarkRunner.Run<AskScope>(config)),
                ]);
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<string> Row(string name, string rival, string goal, Summary summary)
    {
        var reports = summary.Reports.OrderBy(report => report.BenchmarkCase.Descriptor.Baseline).ToList();
        var (ours, theirs) = (reports[0], reports[1]);
        var (mine, other) = (ours.ResultStatistics!.Median, theirs.ResultStatistics!.Median);
        return [name, $"{mine:F0} ns", $"{rival}: {other:F0} ns", $"{mine / other:F2} ×", $"{ours.GcStats.GetBytesAllocatedPerOperation(ours.BenchmarkCase) ?? 0}", goal];
    }
}
