using System.Globalization;
using System.Runtime;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>
/// Measures the allocations of requests, which are exact unlike times, and compares them with the limits in <c>allocations.txt</c>.
/// </summary>
internal static class AllocationCheck
{
    private const int Requests = 20_000;
    private const int Tries = 5;

    private static string File => Repository.PathOf("tests", "ApiKeyAuth.Benchmarks", "allocations.txt");

    /// <summary>Checks all kinds of requests.</summary>
    /// <returns><see langword="true"/> if none exceeds its limit; otherwise, <see langword="false"/>.</returns>
    public static async Task<bool> RunAsync()
    {
        var app = await KeyApp.StartAsync(1);
        var variants = await RequestVariants.OfOneKeyAsync(app);
        var allowed = (await System.IO.File.ReadAllLinesAsync(File))
            .Select(line => line.Split('\t'))
            .ToDictionary(line => line[0], line => long.Parse(line[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        await WarmUpAsync(variants);
        var anonymous = Measure(variants.Single(variant => variant.Name == RequestVariants.Anonymous));
        var isWithinLimits = true;
        foreach (var variant in variants.Where(variant => variant.IsOurs))
        {
            var bytes = Measure(variant) - anonymous;
            var limit = allowed.GetValueOrDefault(variant.Name);
            var isWithinLimit = bytes <= limit;
            isWithinLimits &= isWithinLimit;
            Console.WriteLine(isWithinLimit
                ? $"ok   {variant.Name}\t{bytes}"
                : $"MORE {variant.Name}\t{bytes}, allowed {limit}: allocate less, or change the limit in {Path.GetFileName(File)}");
        }

        return isWithinLimits;
    }

    /// <summary>Sends requests until the compilation of hot code in the background has completed, which takes longer on a busy machine.</summary>
    private static async Task WarmUpAsync(IReadOnlyCollection<Variant> variants)
    {
        long compiled;
        do
        {
            compiled = JitInfo.GetCompiledMethodCount();
            foreach (var variant in variants)
            {
                variant.Send(60_000);
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        while (JitInfo.GetCompiledMethodCount() > compiled);
    }

    /// <summary>Returns the minimum of several tries, because the runtime itself sometimes allocates.</summary>
    private static long Measure(Variant variant) => Enumerable.Range(0, Tries).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        variant.Send(Requests);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
    });
}
