using System.Collections.Concurrent;
using System.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Represents a program that a test started: its output, and its end together with its child processes.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    // The time after which a program counts as hung, on a machine that may be busy with others.
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public RunningProcess(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
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

    /// <summary>Gets the output so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Sends a signal, <c>TERM</c> or <c>KILL</c>, to the program only, and returns its exit code.</summary>
    public async Task<int> EndAsync(string signal)
    {
        await RunAsync("kill", ["-" + signal, $"{_process.Id}"], Path.GetTempPath());
        using var timeout = new CancellationTokenSource(DefaultTimeout);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until the program ends, and returns its exit code.</summary>
    public async Task<int> EndedAsync()
    {
        using var timeout = new CancellationTokenSource(DefaultTimeout);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>Gets the process ID.</summary>
    public int Id => _process.Id;

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeSpan? timeout = null)
    {
        await using var process = new RunningProcess(program, arguments, folder, environment);
        using var end = new CancellationTokenSource(timeout ?? DefaultTimeout);
        await process._process.WaitForExitAsync(end.Token);
        return (process._process.ExitCode, process.Output);
    }

    /// <summary>Waits for a line that contains a mark, and returns the text after it.</summary>
    public async Task<string> WaitForAsync(string mark)
    {
        using var timeout = new CancellationTokenSource(DefaultTimeout);
        while (true)
        {
            if (_lines.FirstOrDefault(line => line.Contains(mark, StringComparison.Ordinal)) is { } found)
            {
                return found[(found.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..];
            }

            if (_process.HasExited || timeout.IsCancellationRequested)
            {
                throw new InvalidOperationException($"The program ended or stalled before it wrote \"{mark}\":\n{Output}");
            }

            await _arrived.WaitAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Ends the program and its child processes with SIGKILL.</summary>
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
