using System.Diagnostics;

namespace ApiKeyAuth.Benchmarks.Wire;

/// <summary>Represents the Quickstart in its own process, with its own database.</summary>
internal sealed class RunningQuickstart : IAsyncDisposable
{
    private const string Listens = "Now listening on: ";
    private const string PrintsKey = "export DEMO_FAST_KEY='";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private RunningQuickstart(Process process, DirectoryInfo folder) => (_process, _folder) = (process, folder);

    public string Address { get; private set; } = "";

    /// <summary>Gets the key whose limit is not reached.</summary>
    public string Key { get; private set; } = "";

    public static async Task<RunningQuickstart> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("wire-");
        var sample = Repository.PathOf("samples", "Quickstart");
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = sample,
            ArgumentList = { Path.Combine(sample, "bin", "Release", "net10.0", "Quickstart.dll"), "--urls", "http://127.0.0.1:0" },
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ConnectionStrings__ApiKeys"] = $"Data Source={Path.Combine(folder.FullName, "keys.db")}";

        // The logs of requests are not measured.
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        start.Environment["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning";
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        var running = new RunningQuickstart(Process.Start(start)!, folder);
        await running.ReadAsync().WaitAsync(Timeout);
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ReadAsync()
    {
        while (Address.Length == 0 || Key.Length == 0)
        {
            var line = await _process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException("The Quickstart ended; build it with -c Release.");
            if (line.Contains(Listens, StringComparison.Ordinal))
            {
                Address = line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..].Trim();
            }
            else if (line.StartsWith(PrintsKey, StringComparison.Ordinal))
            {
                Key = line[PrintsKey.Length..].TrimEnd('\'');
            }
        }

        // Later output is read and discarded, so that the process does not block.
        _ = _process.StandardOutput.ReadToEndAsync();
    }
}
