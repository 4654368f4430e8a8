using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.Benchmarks.Wire;

/// <summary>Represents the results of <c>wrk</c> for one address in one round.</summary>
internal sealed partial record Wrk(double PerSecond, double Milliseconds99)
{
    public static async Task<Wrk> RunAsync(string address, int connections, TimeSpan time, params string[] headers)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        var headerArguments = headers.SelectMany(header => new[] { "-H", header });
        string[] arguments = ["-t1", $"-c{connections}", $"-d{time.TotalSeconds:F0}s", "--latency", .. headerArguments, address];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start; install the package wrk.");
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal)
            || Rate().Match(output) is not { Success: true } rate
            || Latency99().Match(output) is not { Success: true } latency)
        {
            throw new InvalidOperationException($"wrk at {address}: {output}");
        }

        var unit = latency.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
        return new Wrk(Number(rate), Number(latency) * unit);
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Latency99();
}
