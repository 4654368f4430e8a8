using ApiKeyAuth.Keys;
using CsCheck;

namespace ApiKeyAuth.Tests.Keys;

public sealed class RateLimitTests
{
    [TestCase("500/hour", 500, 3_600, "500/hour")]
    [TestCase("1,000,000,000/hour", 1_000_000_000, 3_600, "1000000000/hour")]
    [TestCase("4000000000/second", 4_000_000_000, 1, "4000000000/second")]
    [TestCase("100/15 minutes", 100, 900, "100/15 minutes")]
    [TestCase(" 1,000 / Day ", 1_000, 86_400, "1000/day")]
    [TestCase("5/s", 5, 1, "5/second")]
    [TestCase("5/min", 5, 60, "5/minute")]
    [TestCase("5/h", 5, 3_600, "5/hour")]
    [TestCase("5/d", 5, 86_400, "5/day")]
    [TestCase("5/7 days", 5, 604_800, "5/week")]
    [TestCase("5/month", 5, 2_592_000, "5/month")]
    [TestCase("5/90 seconds", 5, 90, "5/90 seconds")]
    [TestCase("5/366 days", 5, 31_622_400, "5/366 days")]
    public void Parse_ValidLimit_RoundTrips(string text, long permits, int seconds, string written)
    {
        var limit = RateLimit.Parse(text, null);
        Assert.That(limit, Is.EqualTo(new RateLimit(permits, TimeSpan.FromSeconds(seconds))));
        Assert.That(limit.ToString(), Is.EqualTo(written));
        Assert.That(RateLimit.Parse(written, null) == limit);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("500")]
    [TestCase("/hour")]
    [TestCase("5/")]
    [TestCase("0/hour")]
    [TestCase("-1/hour")]
    [TestCase("+5/hour")]
    [TestCase("05/hour")]
    [TestCase("5.5/hour")]
    [TestCase("5e3/hour")]
    [TestCase("5 000/hour")]
    [TestCase("1,0,0/hour")]
    [TestCase("1,00/hour")]
    [TestCase("1,0000/hour")]
    [TestCase("1000,000/hour")]
    [TestCase("1,000000/hour")]
    [TestCase(",100/hour")]
    [TestCase("100,/hour")]
    [TestCase("1,,000/hour")]
    [TestCase("5/m")]
    [TestCase("5/M")]
    [TestCase("5/fortnight")]
    [TestCase("5/hour/day")]
    [TestCase("5/0 hours")]
    [TestCase("5/-1 hours")]
    [TestCase("5/2hours")]
    [TestCase("5/2 3 hours")]
    [TestCase("5/367 days")]
    [TestCase("5/9223372036854775807 days")]
    [TestCase("4000000001/hour")]
    [TestCase("99999999999999999999/hour")]
    [TestCase("5\n/hour")]
    [TestCase("5/\thour")]
    [TestCase("\uff15/hour")]
    [TestCase("none")]
    public void TryParse_AnythingElse_Fails(string? text)
    {
        Assert.That(RateLimit.TryParse(text, null, out var limit), Is.False);
        Assert.That(limit, Is.EqualTo(default(RateLimit)));
        Assert.That(() => RateLimit.Parse(text!, null), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void ToString_AnyLimit_ParsesBack() =>
        Gen.Select(Gen.Long[1, RateLimit.MaxPermits], Gen.Int[1, 31_622_400]).Sample((permits, seconds) =>
        {
            var limit = new RateLimit(permits, TimeSpan.FromSeconds(seconds));
            var grouped = permits.ToString("N0", System.Globalization.CultureInfo.InvariantCulture) + $"/{seconds} seconds";
            return RateLimit.Parse(limit.ToString(), null) == limit && RateLimit.Parse(grouped, null) == limit;
        });

    [Test]
    public void TryParse_ArbitraryText_NeverThrows() => Gen.String[Gen.Char["0123456789, /hdayours"], 0, 20].Sample(text =>
        !RateLimit.TryParse(text, null, out var limit) || limit.Permits >= 1);

    [Test]
    public void ParseList_SeveralLimits_KeepsTheOrder() =>
        Assert.That(
            RateLimit.ParseList("100/minute; 10,000/day").Select(limit => limit.ToString()),
            Is.EqualTo(new[] { "100/minute", "10000/day" }));

    [TestCase("")]
    [TestCase("5/hour;")]
    [TestCase("5/hour,6/day")]
    [TestCase("5/hour;6/60 minutes")]
    public void ParseList_EmptyPartOrSameWindow_Throws(string text) =>
        Assert.That(() => RateLimit.ParseList(text), Throws.TypeOf<FormatException>());

    [Test]
    public void Ctor_OutOfRange_Throws()
    {
        Assert.That(() => new RateLimit(0, TimeSpan.FromHours(1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RateLimit(RateLimit.MaxPermits + 1, TimeSpan.FromHours(1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RateLimit(1, TimeSpan.FromMilliseconds(1_500)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RateLimit(1, TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RateLimit(1, TimeSpan.FromDays(367)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ToString_Default_IsNone() => Assert.That(default(RateLimit).ToString(), Is.EqualTo("none"));
}
