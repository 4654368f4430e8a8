using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Scans the lines that the commits of all branches of a git repository added, oldest first.</summary>
/// <param name="console">The console.</param>
/// <param name="scanner">The scanner.</param>
/// <param name="log">The log of the findings.</param>
internal sealed class GitScan(ToolConsole console, KeyScanner scanner, FindingLog log)
{
    private static readonly string[] Arguments =
    [
        "log", "--all", "--reverse", "-m", "-p", "-U0", "--no-color", "--no-renames", "--no-textconv", "--no-ext-diff", "--text",
        "--format=commit %H",
    ];

    private readonly HashSet<(string Path, string Secret)> _seen = [];
    private string _commit = "";
    private string _path = "";
    private long _line;

    /// <summary>Scans the repository of a folder.</summary>
    public async Task RunAsync(string path, CancellationToken cancellationToken)
    {
        using var git = Start(console.GetPath(path));
        var errors = git.StandardError.ReadToEndAsync(cancellationToken);
        while (await git.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            await ReadAsync(line, cancellationToken);
        }

        await git.WaitForExitAsync(cancellationToken);
        if (git.ExitCode != 0)
        {
            throw new ToolException($"git cannot read the history of {path} ({(await errors).Trim()}). Pass the folder of a repository.");
        }
    }

    private static Process Start(string folder)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, "-c", "core.quotePath=false", .. Arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new ToolException("git is not installed. Install it, or scan without --git.");
        }
    }

    private async Task ReadAsync(string line, CancellationToken cancellationToken)
    {
        if (line.StartsWith('+') && _line > 0)
        {
            await ScanAsync(line[1..], cancellationToken);
            _line++;
        }
        else if (line.StartsWith("commit ", StringComparison.Ordinal))
        {
            (_commit, _line) = (line[7..], 0);
        }
        else if (line.StartsWith("diff ", StringComparison.Ordinal))
        {
            _line = 0;
        }
        else if (line.StartsWith("+++ b/", StringComparison.Ordinal))
        {
            _path = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line[6..]));
        }
        else if (line.StartsWith("@@ ", StringComparison.Ordinal))
        {
            _line = ReadStart(line);
        }
    }

    /// <summary>Reads the first added line of a header such as <c>@@ -1,2 +3,4 @@</c>.</summary>
    private static long ReadStart(string header)
    {
        var plus = header.IndexOf('+', StringComparison.Ordinal);
        var end = plus < 0 ? -1 : header.AsSpan(plus).IndexOfAny(',', ' ');
        return end > 0 && long.TryParse(header.AsSpan(plus + 1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? Math.Max(line, 1)
            : 1;
    }

    private async Task ScanAsync(string text, CancellationToken cancellationToken)
    {
        foreach (var hit in scanner.Find(Encoding.Latin1.GetBytes(text), isStart: true, isEnd: true))
        {
            if (_seen.Add((_path, hit.Secret)))
            {
                var finding = new ScanFinding
                {
                    Path = _path,
                    Line = _line,
                    Column = hit.Offset + 1,
                    Commit = _commit,
                    Masked = hit.Masked,
                };
                await log.AddAsync(hit, finding, cancellationToken);
            }
        }
    }
}
