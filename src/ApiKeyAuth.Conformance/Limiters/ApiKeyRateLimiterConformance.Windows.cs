using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Conformance.Limiters;

public abstract partial class ApiKeyRateLimiterConformance
{
    [Test]
    public async Task Check_Admitted_DecrementsRemainingAndReportsReset()
    {
        var subject = CreateSubject("5/hour");
        for (var left = 4; left >= 0; left--)
        {
            var spent = await CheckTimedAsync(subject);
            Assert.That(spent.Decision.Remaining, Is.EqualTo(left));
            Assert.That(spent.Decision.Limit, Is.EqualTo(subject.KeyLimits[0]));
            spent.AssertWindowEnd(spent.Decision.ResetAfter, spent, TimeSpan.FromHours(1));
        }
    }

    [Test]
    public async Task Check_OneOfTwoWindowsExhausted_ChargesNeither()
    {
        var subject = CreateSubject("2/minute;100/hour");
        Assert.That(await IsAdmittedAsync(subject, 2), Is.True);
        for (var check = 0; check < 10; check++)
        {
            Assert.That(await IsAdmittedAsync(subject), Is.False);
        }

        Assert.That((await CheckAsync(CreateSubject("100/hour"), 0)).Remaining, Is.EqualTo(98));
    }

    [Test]
    public async Task Check_SeveralWindowsExhausted_ReportsTheLongestRetryAfter()
    {
        var subject = CreateSubject("2/second;3/minute;1000/day");
        var spent = await CheckTimedAsync(subject, 2);
        var rejected = await CheckTimedAsync(subject, 2);
        Assert.That(rejected.Decision.Limit.ToString(), Is.EqualTo("3/minute"));
        Assert.That(rejected.Decision.Remaining, Is.EqualTo(1));
        rejected.AssertWindowEnd(rejected.Decision.RetryAfter, spent, TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task Check_SeveralLimits_ReportsTheFewestRemainingThenTheLongestWindow()
    {
        Assert.That((await CheckAsync(CreateSubject("10/minute;5/hour", "a"))).Limit.ToString(), Is.EqualTo("5/hour"));
        Assert.That((await CheckAsync(CreateSubject("5/minute;9/hour", "b"))).Limit.ToString(), Is.EqualTo("5/minute"));
        Assert.That((await CheckAsync(CreateSubject("5/minute;5/hour", "c"))).Limit.ToString(), Is.EqualTo("5/hour"));
        Assert.That((await CheckAsync(CreateSubject("5/hour;5/minute", "d"))).Limit.ToString(), Is.EqualTo("5/hour"));
    }

    [Test]
    public async Task Check_CostAboveALimit_RejectsWithoutRetryAfterAndReportsTheLimit()
    {
        var subject = CreateSubject("5/minute;100/day");
        var rejected = await CheckAsync(subject, 6);
        Assert.That(rejected.IsAdmitted, Is.False);
        Assert.That(rejected.RetryAfter, Is.Null);
        Assert.That(rejected.Limit.ToString(), Is.EqualTo("5/minute"));
        Assert.That(await IsAdmittedAsync(subject, 5), Is.True, "a rejected request was charged");
        Assert.That((await CheckAsync(subject, long.MaxValue)).IsAdmitted, Is.False);
    }

    [Test]
    public async Task Check_ZeroCost_AdmitsAndReportsRemaining()
    {
        var subject = CreateSubject("5/hour");
        var fresh = await CheckAsync(subject, 0);
        Assert.That(fresh.IsAdmitted, Is.True);
        Assert.That(fresh.Remaining, Is.EqualTo(5));
        Assert.That(fresh.ResetAfter, Is.EqualTo(TimeSpan.Zero));
        var spent = await CheckTimedAsync(subject, 5);
        var free = await CheckTimedAsync(subject, 0);
        Assert.That(free.Decision.IsAdmitted, Is.True);
        Assert.That(free.Decision.Remaining, Is.Zero);
        free.AssertWindowEnd(free.Decision.ResetAfter, spent, TimeSpan.FromHours(1));
    }

    [Test]
    public async Task Check_MaxPermits_CountsEveryPermit()
    {
        var subject = CreateSubject($"{RateLimit.MaxPermits}/hour");
        Assert.That((await CheckAsync(subject, RateLimit.MaxPermits - 1)).Remaining, Is.EqualTo(1));
        Assert.That(await IsAdmittedAsync(subject, 2), Is.False);
        Assert.That(await IsAdmittedAsync(subject, 1), Is.True);
        Assert.That(await IsAdmittedAsync(subject, 1), Is.False);
    }

    [Test]
    public async Task Check_TenantLimitExhaustedByAnotherKey_RejectsWithoutChargingTheKey()
    {
        var first = CreateSubject("100/hour", "first", "3/hour");
        var second = CreateSubject("100/hour", "second", "3/hour");
        Assert.That(await IsAdmittedAsync(first, 3), Is.True);
        var rejected = await CheckAsync(second);
        Assert.That(rejected.IsAdmitted, Is.False);
        Assert.That(rejected.IsTenantLimit, Is.True);
        Assert.That(rejected.Limit.ToString(), Is.EqualTo("3/hour"));
        Assert.That((await CheckAsync(CreateSubject("100/hour", "second", "1000/hour"))).Remaining, Is.EqualTo(99));
    }

    [Test]
    public async Task Check_KeyLimitExhausted_DoesNotChargeTheTenant()
    {
        var first = CreateSubject("1/hour", "first", "3/hour");
        Assert.That(await IsAdmittedAsync(first), Is.True);
        for (var check = 0; check < 10; check++)
        {
            var rejected = await CheckAsync(first);
            Assert.That(rejected.IsAdmitted, Is.False);
            Assert.That(rejected.IsTenantLimit, Is.False);
        }

        Assert.That(await IsAdmittedAsync(CreateSubject("", "second", "3/hour"), 2), Is.True);
        Assert.That(await IsAdmittedAsync(CreateSubject("", "third", "3/hour")), Is.False);
    }

    [Test]
    public async Task Check_LimitChanged_AppliesImmediately()
    {
        Assert.That(await IsAdmittedAsync(CreateSubject("10/hour"), 8), Is.True);
        var lowered = await CheckAsync(CreateSubject("5/hour"));
        Assert.That(lowered.IsAdmitted, Is.False);
        Assert.That(lowered.Remaining, Is.Zero);
        Assert.That((await CheckAsync(CreateSubject("20/hour"))).Remaining, Is.EqualTo(11));
    }

    [Test]
    public async Task Check_WindowChanged_KeepsEarlierCharges()
    {
        Assert.That(await IsAdmittedAsync(CreateSubject("10/hour"), 10), Is.True);
        Assert.That(await IsAdmittedAsync(CreateSubject("10/day")), Is.False);
        Assert.That(await IsAdmittedAsync(CreateSubject("10/minute")), Is.False);
        Assert.That(await IsAdmittedAsync(CreateSubject("10/minute;10/day")), Is.False);
        Assert.That((await CheckAsync(CreateSubject("11/day"))).Remaining, Is.Zero);
    }

    [Test]
    public async Task Check_NoLimits_IsAdmitted()
    {
        var decision = await CheckAsync(CreateSubject(""), long.MaxValue);
        Assert.That(decision.IsAdmitted, Is.True);
        Assert.That(decision.Remaining, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void Check_NegativeCost_Throws() =>
        Assert.That(async () => await CheckAsync(CreateSubject("5/minute"), -1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase("1/second")]
    [TestCase("7/366 days")]
    [TestCase("100000/month")]
    public async Task Check_AnyWindowLength_ReportsRetryAfterOfTheWholeWindow(string limit)
    {
        var subject = CreateSubject(limit);
        var spent = await CheckTimedAsync(subject, subject.KeyLimits[0].Permits);
        Assert.That(spent.Decision.IsAdmitted, Is.True);
        var rejected = await CheckTimedAsync(subject, subject.KeyLimits[0].Permits);
        Assert.That(rejected.Decision.IsAdmitted, Is.False);
        rejected.AssertWindowEnd(rejected.Decision.RetryAfter, spent, subject.KeyLimits[0].Window);
    }
}
