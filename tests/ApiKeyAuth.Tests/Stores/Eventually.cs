using System.Diagnostics;

namespace ApiKeyAuth.Tests.Stores;

/// <summary>Waits for conditions that other threads fulfill.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task IsTrueAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(Deadline), "The condition was not fulfilled in time.");
            await Task.Delay(2);
        }
    }
}
