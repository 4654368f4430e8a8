using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Conformance.Limiters;

public abstract partial class ApiKeyRateLimiterConformance
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Check_LimitExhausted_RejectsUntilRetryAfterThenAdmits()
    {
        var subject = CreateSubject("3/second");
        var first = await CheckTimedAsync(subject);
        await AdvanceAsync(TimeSpan.FromMilliseconds(300));
        var last = await CheckTimedAsync(subject, 2);
        var rejected = await CheckTimedAsync(subject);

        Assert.That(rejected.Decision.IsAdmitted, Is.False);
        Assert.That(rejected.Decision.Remaining, Is.Zero);
        rejected.AssertWindowEnd(rejected.Decision.RetryAfter, first, Second);
        rejected.AssertWindowEnd(rejected.Decision.ResetAfter, last, Second);
        await AdvanceAsync(rejected.Decision.RetryAfter!.Value);
        Assert.That(await IsAdmittedAsync(subject), Is.True);
        Assert.That(await IsAdmittedAsync(subject), Is.False);
    }

    [Test]
    public async Task Check_RepeatedWhileRejected_ReportsAccurateRetryAfter()
    {
        var subject = CreateSubject("2/second");
        var spent = await CheckTimedAsync(subject, 2);
        var longestDuration = TimeSpan.Zero;
        for (var check = 0; check < 20; check++)
        {
            var rejected = await CheckTimedAsync(subject);
            Assert.That(rejected.Decision.IsAdmitted, Is.False);
            rejected.AssertWindowEnd(rejected.Decision.RetryAfter, spent, Second, longestDuration);
            longestDuration = rejected.Duration > longestDuration ? rejected.Duration : longestDuration;
            await AdvanceAsync(TimeSpan.FromMilliseconds(20));
        }

        var last = await CheckAsync(subject);
        await AdvanceAsync(last.RetryAfter!.Value);
        Assert.That(await IsAdmittedAsync(subject, 2), Is.True);
    }

    [Test]
    public async Task Check_DifferentCostsWhileRejected_ReportsRetryAfterForEachCost()
    {
        var subject = CreateSubject("3/second");
        var first = await CheckTimedAsync(subject);
        await AdvanceAsync(TimeSpan.FromMilliseconds(200));
        var second = await CheckTimedAsync(subject);

        var largest = await CheckTimedAsync(subject, 3);
        largest.AssertWindowEnd(largest.Decision.RetryAfter, second, Second);
        var large = await CheckTimedAsync(subject, 2);
        large.AssertWindowEnd(large.Decision.RetryAfter, first, Second);
        Assert.That(await IsAdmittedAsync(subject, 1), Is.True);
    }

    [Test]
    public async Task Check_BurstsAsSoonAsAllowed_NeverExceedsTheLimitInAnyWindow()
    {
        // Fixed windows, two buckets and GCRA admit nearly twice the limit here.
        var subject = CreateSubject("100/second");
        var all = new List<TimedDecision>();
        for (var burst = 0; burst < 3 || GetAdmittedCost(all) < 200; burst++)
        {
            // On a busy machine a burst may take longer than the window.
            Assert.That(burst, Is.LessThan(30), "the limit is never used");
            await AdvanceAsync(TimeSpan.FromMilliseconds(130));
            TimedDecision last;
            do
            {
                all.Add(last = await CheckTimedAsync(subject, 1 + (burst % 3)));
            }
            while (last.Decision.IsAdmitted);

            await AdvanceAsync(last.Decision.RetryAfter!.Value);
        }

        TimedDecision.AssertNeverExceeds(all, 100, Second);
    }

    [TestCase(20)]
    [TestCase(150)]
    public async Task Check_RandomCostsAndPauses_NeverExceedsTheLimit(int permits)
    {
        var numbers = new Lcg((ulong)permits);
        var subject = CreateSubject($"{permits}/second");
        var all = new List<TimedDecision>();
        var began = Clock.GetTimestamp();
        while (Clock.GetElapsedTime(began) < 3 * Second)
        {
            all.Add(await CheckTimedAsync(subject, 1 + numbers.Below(permits / 6)));
            if (numbers.Below(3) == 0)
            {
                await AdvanceAsync(TimeSpan.FromMilliseconds(numbers.Below(40)));
            }
        }

        TimedDecision.AssertNeverExceeds(all, permits, Second);
        Assert.That(all.Where(spent => spent.Decision.IsAdmitted).Sum(spent => spent.Cost), Is.GreaterThan(2 * permits));
    }

    [Test]
    public async Task Check_RejectedAndChargedAlways_RejectsUntilAPause()
    {
        var subject = CreateSubject("2/second");
        var spent = await CheckTimedAsync(subject, 2);
        await AdvanceAsync(TimeSpan.FromMilliseconds(600));
        var rejected = await CheckTimedAsync(subject, 2, RateLimitCharge.Always);
        if (!rejected.Decision.IsAdmitted)
        {
            rejected.AssertWindowEnd(rejected.Decision.RetryAfter, rejected, Second);
            await AdvanceAsync(TimeSpan.FromMilliseconds(450));
            var retried = await CheckTimedAsync(subject);
            Assert.That(retried.Decision.IsAdmitted, Is.EqualTo(Clock.GetElapsedTime(rejected.CompletedAt, retried.StartedAt) >= Second));
        }
        else
        {
            Assert.That(Clock.GetElapsedTime(spent.StartedAt, rejected.CompletedAt), Is.GreaterThanOrEqualTo(Second));
        }
    }

    private static long GetAdmittedCost(IEnumerable<TimedDecision> decisions) =>
        decisions.Where(decision => decision.Decision.IsAdmitted).Sum(decision => decision.Cost);
}
