using System.Collections.Concurrent;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Collects why tests were skipped.</summary>
internal static class Skips
{
    private static readonly ConcurrentDictionary<string, bool> Reasons = new();

    public static void Add(string reason) => Reasons.TryAdd(reason, true);

    /// <summary>Writes one line for each reason.</summary>
    public static void Write(TextWriter output)
    {
        foreach (var reason in Reasons.Keys.Order(StringComparer.Ordinal))
        {
            output.WriteLine($"Tests were skipped: {reason}");
        }
    }
}
