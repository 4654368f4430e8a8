using System.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Waits for a condition, and fails if it is not met in time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(Timeout), "The condition did not come true.");
            await Task.Delay(10);
        }
    }
}
