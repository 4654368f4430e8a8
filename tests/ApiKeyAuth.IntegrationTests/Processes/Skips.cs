using System.Collections.Concurrent;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Counts why tests were skipped.</summary>
internal static class Skips
{
    private static readonly ConcurrentDictionary<string, int> Reasons = new();

    public static void Add(string reason) => Reasons.AddOrUpdate(reason, 1, static (_, count) => count + 1);

    /// <summary>Writes one line for each reason.</summary>
    public static void Write(TextWriter output)
    {
        foreach (var (reason, count) in Reasons.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"Skipped {count}: {reason}");
        }
    }
}
