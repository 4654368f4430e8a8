using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ApiKeyAuth.TestSupport;

/// <summary>Waits for conditions that other threads, processes or servers fulfill.</summary>
public static class Eventually
{
    /// <summary>The time after which a test counts as hung, on a machine that may be busy with others. It is not a bound of the product.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static Task IsTrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        IsTrueAsync(() => Task.FromResult(condition()), text);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > Deadline)
            {
                throw new TimeoutException($"The condition was not fulfilled within {Deadline.TotalSeconds} seconds: {text}");
            }

            await Task.Delay(2);
        }
    }
}
