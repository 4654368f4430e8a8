using System.Diagnostics;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Waits for what comes about by itself, and fails where it does not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(Patience), "The condition did not come true.");
            await Task.Delay(10);
        }
    }
}
