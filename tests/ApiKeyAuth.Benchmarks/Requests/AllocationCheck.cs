using System.Globalization;
using System.Runtime.CompilerServices;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>Counts what requests allocate, which is exact where times are not, and fails where it is more than <c>allocations.txt</c> says.</summary>
internal static class AllocationCheck
{
    private const int Requests = 20_000;
    private const int Tries = 5;

    private static string File => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(SourcePath())!)!, "allocations.txt");

    /// <summary>Checks every kind of request.</summary>
    /// <returns>Whether none allocates more than it may.</returns>
    public static async Task<bool> RunAsync()
    {
        var app = await KeyApp.StartAsync(1);
        var variants = await RequestVariants.OfOneKeyAsync(app);
        var allowed = (await System.IO.File.ReadAllLinesAsync(File))
            .Select(line => line.Split('\t'))
            .ToDictionary(line => line[0], line => long.Parse(line[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        foreach (var variant in variants)
        {
            variant.Send(60_000);
        }

        // What the compiler makes of hot code in the background is done by then.
        await Task.Delay(TimeSpan.FromSeconds(1));
        var anonymous = Measure(variants.Single(variant => variant.Name == RequestVariants.Anonymous));
        var isGood = true;
        foreach (var variant in variants.Where(variant => variant.Name.Contains("ApiKeyAuth", StringComparison.Ordinal) || variant.Name.StartsWith("refused", StringComparison.Ordinal)))
        {
            var bytes = Measure(variant) - anonymous;
            var isTold = allowed.TryGetValue(variant.Name, out var limit);
            var isKept = isTold && bytes <= limit;
            isGood &= isKept;
            Console.WriteLine($"{(isKept ? "ok  " : "MORE")} {variant.Name}\t{bytes}{(isKept ? "" : $", allowed {(isTold ? limit : "nothing")}: allocate less, or write the new figure into {Path.GetFileName(File)}")}");
        }

        return isGood;
    }

    /// <summary>The fewest bytes of some tries: now and then something of the runtime's own falls into one.</summary>
    private static long Measure(Variant variant) => Enumerable.Range(0, Tries).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        variant.Send(Requests);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
    });

    private static string SourcePath([CallerFilePath] string path = "") => path;
}
