using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Conformance.Limiters;

/// <summary>Represents a decision that was made between two known times.</summary>
internal readonly record struct TimedDecision(TimeProvider Clock, long StartedAt, long CompletedAt, long Cost, RateLimitDecision Decision)
{
    // The accuracy of clocks: servers count in microseconds, and two clocks drift apart.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(2);

    /// <summary>Gets how long the call took.</summary>
    public TimeSpan Duration => Clock.GetElapsedTime(StartedAt, CompletedAt);

    /// <summary>
    /// Asserts that a reported time ends a window after another charge, or up to <paramref name="maxDelay"/> after that. A cached rejection
    /// counts from the time of the first rejection.
    /// </summary>
    public void AssertWindowEnd(TimeSpan? reported, TimedDecision charged, TimeSpan window, TimeSpan maxDelay = default)
    {
        Assert.That(reported, Is.Not.Null);
        Assert.That(reported!.Value, Is.InRange(
            window - Clock.GetElapsedTime(charged.StartedAt, CompletedAt) - Tolerance,
            window - Clock.GetElapsedTime(charged.CompletedAt, StartedAt) + maxDelay + Tolerance));
    }

    /// <summary>Asserts that no window admitted more than a limit, counting the calls that certainly lie in the window.</summary>
    public static void AssertNeverExceeds(IEnumerable<TimedDecision> decisions, long permits, TimeSpan window)
    {
        TimedDecision[] admitted = [.. decisions.Where(spent => spent.Decision.IsAdmitted)];
        foreach (var first in admitted)
        {
            var certain = admitted.Where(spent =>
                spent.StartedAt >= first.StartedAt && first.Clock.GetElapsedTime(first.StartedAt, spent.CompletedAt) < window);
            Assert.That(certain.Sum(spent => spent.Cost), Is.LessThanOrEqualTo(permits));
        }
    }
}
