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
    /// Asserts that a time told in this decision ends a window after another was charged, or up to <paramref name="late"/> after that: a rejection
    /// that is repeated without a call counts from when the first one came.
    /// </summary>
    public void AssertEnds(TimeSpan? told, Spent charged, TimeSpan window, TimeSpan late = default)
    {
        Assert.That(told, Is.Not.Null);
        Assert.That(told!.Value, Is.InRange(
            window - Clock.GetElapsedTime(charged.Asked, Answered) - Slack,
            window - Clock.GetElapsedTime(charged.Answered, Asked) + late + Slack));
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
