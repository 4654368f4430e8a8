using System.Collections.Concurrent;
using System.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>A program a test started: its lines as they come, and its end together with all it started.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public RunningProcess(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Everything written so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Sends a signal, <c>TERM</c> or <c>KILL</c>, to the program alone, and gives the code it ends with.</summary>
    public async Task<int> EndAsync(string signal)
    {
        await RunAsync("kill", ["-" + signal, $"{_process.Id}"], Path.GetTempPath());
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until it ends by itself, and gives the code it ends with.</summary>
    public async Task<int> EndedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Its id, by which signals reach it.</summary>
    public int Id => _process.Id;

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null, TimeSpan? patience = null)
    {
        await using var process = new RunningProcess(program, arguments, folder, environment);
        using var end = new CancellationTokenSource(patience ?? Patience);
        await process._process.WaitForExitAsync(end.Token);
        return (process._process.ExitCode, process.Output);
    }

    /// <summary>Waits for a line, and gives what of it follows the mark.</summary>
    public async Task<string> WaitForAsync(string mark)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_lines.FirstOrDefault(line => line.Contains(mark, StringComparison.Ordinal)) is { } found)
            {
                return found[(found.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..];
            }

            if (_process.HasExited || patience.IsCancellationRequested)
            {
                throw new InvalidOperationException($"The program ended or stalled before it wrote \"{mark}\":\n{Output}");
            }

            await _arrived.WaitAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Ends it by SIGKILL, wherever it is.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _arrived.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            _arrived.Release();
        }
    }
}
