using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Tests.RateLimiting;

[TestFixture]
public sealed class RateLimitSubjectTests
{
    [Test]
    public void Subject_TwoLimitsOfOneWindow_KeepsTheSmaller()
    {
        var subject = new RateLimitSubject("k", [.. RateLimit.ParseList("9/minute"), .. RateLimit.ParseList("4/60 seconds")]);
        Assert.That(subject.KeyWindows, Has.Length.EqualTo(1));
        Assert.That(subject.KeyWindows[0].Limit.Permits, Is.EqualTo(4));
    }

    [Test]
    public void Subject_ListChangedLater_KeepsWhatItWasMadeWith()
    {
        var limits = new List<RateLimit>(RateLimit.ParseList("9/minute"));
        var subject = new RateLimitSubject("k", limits);
        limits.Clear();
        Assert.That(subject.KeyLimits, Has.Count.EqualTo(1));
        Assert.That(subject.IsUnlimited, Is.False);
    }

    [Test]
    public void Subject_TenantLimitsWithoutTenantOrALimitNeverSet_Throws()
    {
        Assert.That(() => new RateLimitSubject("k", [], null, RateLimit.ParseList("1/day")), Throws.ArgumentException);
        Assert.That(() => new RateLimitSubject("k", [default]), Throws.ArgumentException);
        Assert.That(() => new RateLimitSubject("", []), Throws.ArgumentException);
    }

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(10_000_000, 1)]
    [TestCase(10_000_001, 2)]
    [TestCase(599_999_999, 60)]
    public void ToWholeSeconds_Ticks_RoundsUpToAtLeastOne(long ticks, long seconds)
    {
        Assert.That(RateLimitDecision.ToWholeSeconds(new TimeSpan(ticks)), Is.EqualTo(seconds));
    }
}
