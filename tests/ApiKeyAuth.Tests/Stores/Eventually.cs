using System.Diagnostics;

namespace ApiKeyAuth.Tests.Stores;

/// <summary>Waits for conditions that another thread brings about.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task IsTrueAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(Deadline), "The condition did not come true.");
            await Task.Delay(2);
        }
    }
}
