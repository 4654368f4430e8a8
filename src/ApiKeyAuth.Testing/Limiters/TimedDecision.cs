using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Testing.Limiters;

/// <summary>A decision that was made at some time between two that are known.</summary>
internal readonly record struct TimedDecision(TimeProvider Clock, long StartedAt, long CompletedAt, long Cost, RateLimitDecision Decision)
{
    // What a clock may be off by: servers count in microseconds, and two clocks run a little apart.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(2);

    /// <summary>Gets how long the call took.</summary>
    public TimeSpan Duration => Clock.GetElapsedTime(StartedAt, CompletedAt);

    /// <summary>
    /// Asserts that a time told in this decision ends a window after another was charged, or up to <paramref name="late"/> after that: a rejection
    /// that is repeated without a call counts from when the first one came.
    /// </summary>
    public void AssertWindowEnd(TimeSpan? reported, TimedDecision charged, TimeSpan window, TimeSpan late = default)
    {
        Assert.That(reported, Is.Not.Null);
        Assert.That(reported!.Value, Is.InRange(
            window - Clock.GetElapsedTime(charged.StartedAt, CompletedAt) - Tolerance,
            window - Clock.GetElapsedTime(charged.CompletedAt, StartedAt) + late + Tolerance));
    }

    /// <summary>Asserts that in no window more was let pass than a limit, as far as the calls lie in it for certain.</summary>
    public static void AssertNeverExceeds(IEnumerable<TimedDecision> decisions, long permits, TimeSpan window)
    {
        TimedDecision[] admitted = [.. decisions.Where(spent => spent.Decision.IsAdmitted)];
        foreach (var first in admitted)
        {
            var certain = admitted.Where(spent => spent.StartedAt >= first.StartedAt && first.Clock.GetElapsedTime(first.StartedAt, spent.CompletedAt) < window);
            Assert.That(certain.Sum(spent => spent.Cost), Is.LessThanOrEqualTo(permits));
        }
    }
}
