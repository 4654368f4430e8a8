using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Testing.Limiters;

/// <summary>A decision that was made at some time between two that are known.</summary>
internal readonly record struct Spent(TimeProvider Clock, long Asked, long Answered, long Cost, RateLimitDecision Decision)
{
    // What a clock may be off by: servers count in microseconds, and two clocks run a little apart.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(2);

    /// <summary>Gets how long the call took.</summary>
    public TimeSpan Duration => Clock.GetElapsedTime(Asked, Answered);

    /// <summary>
    /// Asserts that a wait in this decision ends one window after another decision was charged, or at most <paramref name="maxDelay"/> later:
    /// a rejection that is repeated without a call counts from the response to the first one.
    /// </summary>
    public void AssertEnds(TimeSpan? wait, Spent charged, TimeSpan window, TimeSpan maxDelay = default)
    {
        Assert.That(wait, Is.Not.Null);
        Assert.That(wait!.Value, Is.InRange(
            window - Clock.GetElapsedTime(charged.Asked, Answered) - Slack,
            window - Clock.GetElapsedTime(charged.Answered, Asked) + maxDelay + Slack));
    }

    /// <summary>Asserts that in no window more was let pass than a limit, as far as the calls lie in it for certain.</summary>
    public static void AssertNeverMoreThan(IEnumerable<Spent> all, long permits, TimeSpan window)
    {
        Spent[] admitted = [.. all.Where(spent => spent.Decision.IsAdmitted)];
        foreach (var first in admitted)
        {
            var certain = admitted.Where(spent => spent.Asked >= first.Asked && first.Clock.GetElapsedTime(first.Asked, spent.Answered) < window);
            Assert.That(certain.Sum(spent => spent.Cost), Is.LessThanOrEqualTo(permits));
        }
    }
}
