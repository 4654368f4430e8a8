namespace ApiKeyAuth.Testing.Limiters;

public abstract partial class ApiKeyRateLimiterConformance
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Check_LimitSpent_IsRefusedWithTheExactWaitAndThenAdmitted()
    {
        var subject = Key("3/second");
        var first = await SpendAsync(subject);
        await AdvanceAsync(TimeSpan.FromMilliseconds(300));
        var last = await SpendAsync(subject, 2);
        var refused = await SpendAsync(subject);

        Assert.That(refused.Decision.IsAdmitted, Is.False);
        Assert.That(refused.Decision.Remaining, Is.Zero);
        refused.AssertEnds(refused.Decision.RetryAfter, first, Second);
        refused.AssertEnds(refused.Decision.ResetAfter, last, Second);
        await AdvanceAsync(refused.Decision.RetryAfter!.Value);
        Assert.That(await IsAdmittedAsync(subject), Is.True);
        Assert.That(await IsAdmittedAsync(subject), Is.False);
    }

    [Test]
    public async Task Check_AskedAgainWhileRefused_TellsAWaitThatHolds()
    {
        var subject = Key("2/second");
        var spent = await SpendAsync(subject, 2);
        var slowest = TimeSpan.Zero;
        for (var ask = 0; ask < 20; ask++)
        {
            var refused = await SpendAsync(subject);
            Assert.That(refused.Decision.IsAdmitted, Is.False);
            refused.AssertEnds(refused.Decision.RetryAfter, spent, Second, slowest);
            slowest = refused.Duration > slowest ? refused.Duration : slowest;
            await AdvanceAsync(TimeSpan.FromMilliseconds(20));
        }

        var last = await CheckAsync(subject);
        await AdvanceAsync(last.RetryAfter!.Value);
        Assert.That(await IsAdmittedAsync(subject, 2), Is.True);
    }

    [Test]
    public async Task Check_DearerAndCheaperWhileRefused_EachHasItsOwnWait()
    {
        var subject = Key("3/second");
        var first = await SpendAsync(subject);
        await AdvanceAsync(TimeSpan.FromMilliseconds(200));
        var second = await SpendAsync(subject);

        var dearest = await SpendAsync(subject, 3);
        dearest.AssertEnds(dearest.Decision.RetryAfter, second, Second);
        var dear = await SpendAsync(subject, 2);
        dear.AssertEnds(dear.Decision.RetryAfter, first, Second);
        Assert.That(await IsAdmittedAsync(subject, 1), Is.True);
    }

    [Test]
    public async Task Check_AdversaryWhoBurstsAsSoonAsHeMay_GetsTheLimitInAnyWindow()
    {
        // Segments, two buckets and GCRA give him nearly twice.
        var subject = Key("100/second");
        var all = new List<Spent>();
        for (var burst = 0; burst < 3; burst++)
        {
            await AdvanceAsync(TimeSpan.FromMilliseconds(130));
            Spent last;
            do
            {
                all.Add(last = await SpendAsync(subject, 1 + burst));
            }
            while (last.Decision.IsAdmitted);

            await AdvanceAsync(last.Decision.RetryAfter!.Value);
        }

        Spent.AssertNeverMoreThan(all, 100, Second);
        Assert.That(all.Where(spent => spent.Decision.IsAdmitted).Sum(spent => spent.Cost), Is.GreaterThanOrEqualTo(200));
    }

    [TestCase(20)]
    [TestCase(150)]
    public async Task Check_RandomCostsAndPauses_AdmitsNeverMoreThanTheLimit(int permits)
    {
        var numbers = new Lcg((ulong)permits);
        var subject = Key($"{permits}/second");
        var all = new List<Spent>();
        var began = Clock.GetTimestamp();
        while (Clock.GetElapsedTime(began) < 3 * Second)
        {
            all.Add(await SpendAsync(subject, 1 + numbers.Below(permits / 6)));
            if (numbers.Below(3) == 0)
            {
                await AdvanceAsync(TimeSpan.FromMilliseconds(numbers.Below(40)));
            }
        }

        Spent.AssertNeverMoreThan(all, permits, Second);
        Assert.That(all.Where(spent => spent.Decision.IsAdmitted).Sum(spent => spent.Cost), Is.GreaterThan(2 * permits));
    }

    [Test]
    public async Task Check_RefusedAndChargedAlways_IsNotLetInUntilItPauses()
    {
        var subject = Key("2/second");
        var spent = await SpendAsync(subject, 2);
        await AdvanceAsync(TimeSpan.FromMilliseconds(600));
        var pest = await SpendAsync(subject, 2, RateLimiting.RateLimitCharge.Always);
        if (!pest.Decision.IsAdmitted)
        {
            pest.AssertEnds(pest.Decision.RetryAfter, pest, Second);
            await AdvanceAsync(TimeSpan.FromMilliseconds(450));
            var still = await SpendAsync(subject);
            Assert.That(still.Decision.IsAdmitted, Is.EqualTo(Clock.GetElapsedTime(pest.Answered, still.Asked) >= Second));
        }
        else
        {
            Assert.That(Clock.GetElapsedTime(spent.Asked, pest.Answered), Is.GreaterThanOrEqualTo(Second));
        }
    }
}
