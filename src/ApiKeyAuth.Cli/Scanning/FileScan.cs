using System.IO.Compression;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Scans files and folders, two files at a time on two processors.</summary>
/// <param name="console">The console.</param>
/// <param name="scanner">The scanner.</param>
/// <param name="log">The log of the findings.</param>
/// <param name="readsLogs">Whether compressed logs are read.</param>
internal sealed class FileScan(ToolConsole console, KeyScanner scanner, FindingLog log, bool readsLogs)
{
    private static readonly EnumerationOptions All = new()
    {
        RecurseSubdirectories = false,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>Scans a path.</summary>
    /// <returns>The number of files.</returns>
    public async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        var full = console.GetPath(path);
        if (!File.Exists(full) && !Directory.Exists(full))
        {
            throw new ToolException($"The path {path} does not exist. Correct it.");
        }

        var count = 0;
        var files = File.Exists(full) ? [full] : EnumerateFiles(full);
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                await ScanAsync(file, token);
                Interlocked.Increment(ref count);
            });
        return count;
    }

    /// <summary>Returns a path as it is reported.</summary>
    public static string GetReportedPath(ToolConsole console, string file)
    {
        var relative = Path.GetRelativePath(console.Folder, file);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? file : relative).Replace('\\', '/');
    }

    private static IEnumerable<string> EnumerateFiles(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", All))
        {
            yield return file;
        }

        foreach (var child in Directory.EnumerateDirectories(folder, "*", All).Where(child => Path.GetFileName(child) != ".git"))
        {
            foreach (var file in EnumerateFiles(child))
            {
                yield return file;
            }
        }
    }

    private async Task ScanAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        await using var text = readsLogs && file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(stream, CompressionMode.Decompress)
            : (Stream)stream;
        var path = GetReportedPath(console, file);
        await new StreamScan(scanner).RunAsync(
            text,
            (hit, line, column) => log.AddAsync(
                hit, new ScanFinding { Path = path, Line = line, Column = column, Masked = hit.Masked }, cancellationToken),
            cancellationToken);
    }
}
