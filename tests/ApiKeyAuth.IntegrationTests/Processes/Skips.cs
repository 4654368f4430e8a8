using System.Collections.Concurrent;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Collects the reasons of skipped tests.</summary>
internal static class Skips
{
    private static readonly ConcurrentDictionary<string, bool> Reasons = new();

    public static void Add(string reason) => Reasons.TryAdd(reason, true);

    /// <summary>Writes one line per reason.</summary>
    public static void Write(TextWriter output)
    {
        foreach (var reason in Reasons.Keys.Order(StringComparer.Ordinal))
        {
            output.WriteLine($"Tests were skipped: {reason}");
        }
    }
}
