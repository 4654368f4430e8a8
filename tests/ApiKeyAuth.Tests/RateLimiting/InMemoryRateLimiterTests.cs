using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.RateLimiting;

[TestFixture]
public sealed class InMemoryRateLimiterTests
{
    private readonly FakeTimeProvider _time = new();
    private InMemoryRateLimiter _limiter = null!;

    [SetUp]
    public void MakeLimiter() => _limiter = new InMemoryRateLimiter(_time);

    [Test]
    public void Check_LimitSpent_IsRejectedWithTheExactWaitAndThenAdmitted()
    {
        var subject = Key("2/minute");
        Check(subject);
        _time.Advance(TimeSpan.FromSeconds(10));
        Check(subject);
        var rejected = Check(subject);

        Assert.That(rejected.IsAdmitted, Is.False);
        Assert.That(rejected.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(50)));
        Assert.That(rejected.ResetAfter, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(rejected.Remaining, Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.That(Check(subject).IsAdmitted, Is.True);
    }

    [TestCase("1/second")]
    [TestCase("1/minute")]
    [TestCase("1/hour")]
    [TestCase("100/day")]
    [TestCase("100000/month")]
    [TestCase("7/366 days")]
    public void Check_AWholeWindowAfterAllWasSpent_IsAdmitted(string limit)
    {
        _time.Advance(TimeSpan.FromSeconds(12345));
        var subject = Key(limit);
        var permits = subject.KeyLimits[0].Permits;
        Assert.That(Check(subject, permits).IsAdmitted, Is.True);
        Assert.That(Check(subject, permits).RetryAfter, Is.EqualTo(subject.KeyLimits[0].Window));
        _time.Advance(subject.KeyLimits[0].Window);
        Assert.That(Check(subject, permits).IsAdmitted, Is.True);
    }

    [Test]
    public void Check_OneOfTwoWindowsRejects_ChargesNeither()
    {
        var subject = Key("2/second;100/hour");
        Check(subject, 2);
        for (var i = 0; i < 50; i++)
        {
            Assert.That(Check(subject).IsAdmitted, Is.False);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Check(Key("100/hour"), 98).IsAdmitted, Is.True);
    }

    [Test]
    public void Check_SeveralWindowsRefuse_ReportsTheLongestWait()
    {
        var subject = Key("2/second;3/minute;1000/day");
        Check(subject, 2);
        var rejected = Check(subject, 2);
        Assert.That(rejected.Limit.ToString(), Is.EqualTo("3/minute"));
        Assert.That(rejected.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(rejected.Remaining, Is.EqualTo(1));
    }

    [Test]
    public void Check_CostAboveOneLimit_ReportsThatLimitWithoutAWait()
    {
        var subject = Key("5/second;100/day");
        Check(subject, 1);
        var rejected = Check(subject, 99 + 1);
        Assert.That(rejected.IsAdmitted, Is.False);
        Assert.That(rejected.Limit.ToString(), Is.EqualTo("5/second"));
        Assert.That(rejected.RetryAfter, Is.Null);
    }

    [Test]
    public void Check_Admitted_ReportsTheFewestRemainingAndOfEqualsTheLonger()
    {
        Assert.That(Check(Key("10/second;5/minute", "a")).Limit.ToString(), Is.EqualTo("5/minute"));
        Assert.That(Check(Key("5/second;9/minute", "b")).Limit.ToString(), Is.EqualTo("5/second"));
        Assert.That(Check(Key("5/second;5/minute", "c")).Limit.ToString(), Is.EqualTo("5/minute"));
        Assert.That(Check(Key("5/minute;5/second", "d")).Limit.ToString(), Is.EqualTo("5/minute"));
    }

    [Test]
    public void Check_TenantSpentByAnotherKey_RejectsAndChargesTheKeyNothing()
    {
        var first = Key("100/hour", "first", "3/hour");
        var second = Key("100/hour", "second", "3/hour");
        Assert.That(Check(first, 3).IsAdmitted, Is.True);
        var rejected = Check(second);
        Assert.That(rejected.IsAdmitted, Is.False);
        Assert.That(rejected.IsTenantLimit, Is.True);
        Assert.That(Check(second).IsTenantLimit, Is.True);
        Assert.That(Check(Key("100/hour", "second"), 100).IsAdmitted, Is.True);
    }

    [Test]
    public void Check_KeySpent_ChargesTheTenantNothing()
    {
        var first = Key("1/hour", "first", "3/hour");
        Check(first);
        for (var i = 0; i < 10; i++)
        {
            Assert.That(Check(first).IsTenantLimit, Is.False);
        }

        Assert.That(Check(Key("", "second", "3/hour"), 2).IsAdmitted, Is.True);
        Assert.That(Check(Key("", "second", "3/hour")).IsAdmitted, Is.False);
    }

    [Test]
    public void Check_NoLimits_IsAdmittedAndKeepsNoState()
    {
        var subject = Key("");
        Assert.That(subject.IsUnlimited, Is.True);
        Assert.That(Check(subject, long.MaxValue).Remaining, Is.EqualTo(long.MaxValue));
        Assert.That(_limiter.StateCount, Is.Zero);
    }

    [Test]
    public void Check_CostOfNothing_IsAdmittedAndShowsWhatIsLeft()
    {
        var subject = Key("5/minute");
        Assert.That(Check(subject, 0).ResetAfter, Is.EqualTo(TimeSpan.Zero));
        Check(subject, 5);
        _time.Advance(TimeSpan.FromSeconds(20));
        var peek = Check(subject, 0);
        Assert.That(peek.IsAdmitted, Is.True);
        Assert.That(peek.Remaining, Is.Zero);
        Assert.That(peek.ResetAfter, Is.EqualTo(TimeSpan.FromSeconds(40)));
    }

    [Test]
    public void Check_NegativeCost_Throws()
    {
        Assert.That(() => Check(Key("5/minute"), -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Check_LimitLoweredBelowWhatIsUsed_RejectsAtOnceUntilEnoughHasPassed()
    {
        Check(Key("10/minute"), 6);
        _time.Advance(TimeSpan.FromSeconds(30));
        Check(Key("10/minute"), 2);
        var rejected = Check(Key("5/minute"));
        Assert.That(rejected.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(rejected.Remaining, Is.Zero);
        Assert.That(Check(Key("9/minute")).IsAdmitted, Is.True);
    }

    [Test]
    public void Check_WindowGrownOrShrunk_ForgivesNothing()
    {
        Check(Key("10/hour"), 10);
        Assert.That(Check(Key("10/day")).IsAdmitted, Is.False);
        Assert.That(Check(Key("10/second")).IsAdmitted, Is.False);
        Assert.That(Check(Key("10/minute;10/day")).IsAdmitted, Is.False);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Check(Key("10/minute")).IsAdmitted, Is.True);
    }

    [Test]
    public void Check_RejectedAndChargedAlways_IsNotLetInUntilItPauses()
    {
        var subject = Key("2/minute");
        Check(subject, 2);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            var rejected = Check(subject, 2, RateLimitCharge.Always);
            Assert.That(rejected.IsAdmitted, Is.False);
            Assert.That(rejected.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Check(subject, 2, RateLimitCharge.Always).IsAdmitted, Is.True);
    }

    [Test]
    public void Check_RejectedInBetween_ChangesNoLaterDecision()
    {
        var random = new SeededRandom(3);
        var pestered = Key("100/minute;400/10 minutes", "pestered");
        var quiet = Key("100/minute;400/10 minutes", "quiet");
        for (var i = 0; i < 20_000; i++)
        {
            _time.Advance(TimeSpan.FromTicks(random.Next(TimeSpan.TicksPerSecond)));
            var cost = 1 + random.Next(4);
            for (var n = random.Next(3); n > 0; n--)
            {
                Assert.That(Check(pestered, 401 - random.Next(2)).Remaining, Is.LessThan(401));
            }

            Assert.That(Check(pestered, cost), Is.EqualTo(Check(quiet, cost)));
        }
    }

    [Test]
    public void Check_NewSubjectOfAnId_SharesTheState()
    {
        Check(Key("3/hour"), 3);
        Assert.That(Check(Key("3/hour")).IsAdmitted, Is.False);
    }

    [Test]
    public void Sweep_ManyNewKeys_DropsOnlyWhatIsEqualToFresh()
    {
        var spent = Key("3/hour", "spent");
        Check(spent, 3);
        Fill("old", 1500, "1/minute");
        _time.Advance(TimeSpan.FromMinutes(2));
        Fill("new", 4000, "1/minute");

        Assert.That(_limiter.StateCount, Is.InRange(4001, 4100));
        Assert.That(Check(spent).IsAdmitted, Is.False);
        Assert.That(Check(Key("3/hour", "spent")).IsAdmitted, Is.False);
    }

    [Test]
    public void Sweep_SubjectThatHoldsADroppedState_SharesTheNewOneOfItsId()
    {
        var before = Key("3/minute", "k");
        Check(before, 3);
        _time.Advance(TimeSpan.FromMinutes(2));
        Fill("other", 2000, "1/minute");
        var after = Key("3/minute", "k");
        Check(after, 2);

        Assert.That(Check(before).IsAdmitted, Is.True);
        Assert.That(Check(before).IsAdmitted, Is.False);
        Assert.That(before.State, Is.SameAs(after.State));
    }

    [Test]
    public void Check_ClockFinerThanATick_AdmitsNoMoreThanTheLimitInAWindowOfItsOwnUnits()
    {
        foreach (var frequency in (long[])[1_000_000_000, 3_579_545, 24_000_000, 1_000_003])
        {
            var time = new SteppedTime(frequency);
            var limiter = new InMemoryRateLimiter(time);
            var exact = new ExactLog(frequency);
            var random = new SeededRandom(frequency);
            var subject = Key("7/second");
            for (var i = 0; i < 50_000; i++)
            {
                time.Timestamp += random.Next(10) == 0 ? frequency - random.Next(300) : random.Next(frequency / 5);
                if (limiter.Check(subject).IsAdmitted)
                {
                    Assert.That(exact.Admits(time.Timestamp, 1, 7), Is.True);
                    exact.Charge(time.Timestamp, 1);
                }
            }

            subject.State = null;
        }
    }

    private void Fill(string prefix, int count, string limits)
    {
        for (var i = 0; i < count; i++)
        {
            Check(Key(limits, prefix + i));
        }
    }

    private RateLimitDecision Check(RateLimitSubject subject, long cost = 1, RateLimitCharge charge = RateLimitCharge.IfAdmitted) =>
        _limiter.Check(subject, cost, charge);

    private static RateLimitSubject Key(string limits, string id = "key", string? tenantLimits = null) => new(
        id,
        limits.Length == 0 ? [] : RateLimit.ParseList(limits),
        tenantLimits is null ? null : "tenant",
        tenantLimits is null ? null : RateLimit.ParseList(tenantLimits));

    private sealed class SteppedTime(long frequency) : TimeProvider
    {
        public long Timestamp { get; set; } = 12345;

        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => Timestamp;
    }
}
