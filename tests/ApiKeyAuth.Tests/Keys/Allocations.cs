namespace ApiKeyAuth.Tests.Keys;

/// <summary>Measures the bytes that an action allocates on this thread after a warm-up.</summary>
internal static class Allocations
{
    public static long Of(Action action)
    {
        for (var round = 0; round < 200; round++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
