using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting.InMemory;
using ApiKeyAuth.Tests.TestHost;
using CsCheck;

namespace ApiKeyAuth.Tests.RateLimiting;

[TestFixture]
public sealed class SlidingWindowLogTests
{
    private static readonly Gen<long> Permits = Gen.OneOf(
        Gen.Long[1, 5], Gen.Long[60, 70], Gen.Long[71, 3000], Gen.Long[1_000_000, RateLimit.MaxPermits]);

    private static readonly Gen<int> Seconds = Gen.OneOf(
        Gen.Const(1), Gen.Const(7), Gen.Const(60), Gen.Const(3600), Gen.Const(86_400), Gen.Const(2_592_000), Gen.Const(31_622_400));

    [Test]
    public void Evaluate_RandomCostsBackwardClocksAndChangedPermits_AdmitsNeverMoreThanTheLimit()
    {
        Gen.Select(Permits, Permits, Seconds, Gen.ULong).Sample(
            (permits, changed, seconds, seed) => Fuzz(permits, changed, seconds, seed, steps: 1100), iter: 1000);
    }

    [Test]
    public void Evaluate_UpToAsManyPermitsAsRuns_DecidesAsAnExactLog()
    {
        Gen.Select(Gen.Long[1, 64], Seconds, Gen.ULong).Sample(
            (permits, seconds, seed) => Fuzz(permits, permits, seconds, seed, steps: 500), iter: 200);
    }

    [Test]
    public void Evaluate_WindowsNoShorterThanTheWaitsOfTheirLog_StayInsideTheAgesThatFit()
    {
        var window = Window(3, 31_622_400);
        var log = new SlidingWindowLog(window.Seconds);
        log.Charge(window, At(0), 3);
        foreach (var years in (long[])[1, 2, 3, 7, 50, 900])
        {
            Assert.That(log.Evaluate(window, At(years * 366 * TimeSpan.TicksPerDay), 3).IsAdmitted, Is.True, $"{years} years on");
        }
    }

    [TestCase(10)]
    [TestCase(64)]
    [TestCase(65)]
    [TestCase(1000)]
    [TestCase(1_000_000)]
    public void Evaluate_UnderFlood_SustainsNearlyTheWholeLimit(long permits)
    {
        var window = Window(permits, 60);
        var log = new SlidingWindowLog(60);
        const int Windows = 20;
        const int Asks = 20_000;
        var step = window.Limit.Window.Ticks / Asks;
        long admitted = 0;
        for (long i = 0; i < Windows * Asks; i++)
        {
            var now = At(i * step);
            var cost = Math.Max(1, permits * 2 / Asks);
            if (log.Evaluate(window, now, cost).IsAdmitted)
            {
                log.Charge(window, now, cost);
                admitted += cost;
            }
        }

        TestContext.Out.WriteLine($"{permits}: {100.0 * admitted / (permits * Windows):F2} % under flood");
        Assert.That(admitted / (double)(permits * Windows), Is.GreaterThanOrEqualTo(0.98));
    }

    [TestCase(65, 0.01)]
    [TestCase(200, 0.01)]
    [TestCase(1000, 0.01)]
    [TestCase(20_000, 1 / 62.0)]
    public void Evaluate_PoissonLoadOfTheWholeLimit_RejectsLittleMoreThanAnExactLog(long permits, double most)
    {
        var window = Window(permits, 60);
        var log = new SlidingWindowLog(60);
        var exact = new ExactLog(window.Limit.Window.Ticks);
        var random = new SeededRandom(7);
        double time = 0;
        int rejected = 0, exactlyRejected = 0;
        const int Arrivals = 200_000;
        for (var i = 0; i < Arrivals; i++)
        {
            time += random.NextExponential(window.Limit.Window.Ticks / (double)permits);
            var now = (long)time;
            rejected += TryCharge(ref log, window, now) ? 0 : 1;
            if (exact.Admits(now, 1, permits))
            {
                exact.Charge(now, 1);
            }
            else
            {
                exactlyRejected++;
            }
        }

        TestContext.Out.WriteLine($"{permits}: {100.0 * rejected / Arrivals:F2} % against {100.0 * exactlyRejected / Arrivals:F2} %");
        Assert.That((rejected - exactlyRejected) / (double)Arrivals, Is.LessThanOrEqualTo(most));
    }

    [Test]
    public void Evaluate_BurstsAroundABoundary_AdmitsTheLimitInAnyWindow()
    {
        // Ten segments, two buckets and GCRA admit nearly twice the limit: one burst late in a period and one right after it expires.
        var window = Window(1000, 60);
        for (var late = 0; late < 60; late++)
        {
            var log = new SlidingWindowLog(60);
            var times = new List<long>();
            for (var t = late * TimeSpan.TicksPerSecond; t < 180 * TimeSpan.TicksPerSecond; t += TimeSpan.TicksPerSecond / 5)
            {
                while (TryCharge(ref log, window, t))
                {
                    times.Add(t);
                }
            }

            Assert.That(WorstWindow(times, window.Limit.Window.Ticks), Is.EqualTo(1000));
        }
    }

    [Test]
    public void Charge_MoreThanCanBeCounted_IsHeldAsTheMostThatCan()
    {
        var window = Window(RateLimit.MaxPermits, 60);
        var log = new SlidingWindowLog(60);
        log.Charge(window, At(0), long.MaxValue);
        log.Charge(window, At(30 * TimeSpan.TicksPerSecond), 1);
        var last = log.Evaluate(window, At(90 * TimeSpan.TicksPerSecond - 1), 1);
        Assert.That(last.IsAdmitted, Is.False);
        Assert.That(last.RetryAfter, Is.EqualTo(TimeSpan.FromTicks(1)));
        Assert.That(log.Evaluate(window, At(90 * TimeSpan.TicksPerSecond), RateLimit.MaxPermits).IsAdmitted, Is.True);
    }

    [TestCase(86_400, 60)]
    [TestCase(60, 86_400)]
    [TestCase(3600, 86_400)]
    [TestCase(31_622_400, 1)]
    [TestCase(1, 31_622_400)]
    public void Resize_ChargesStillInBothWindows_AreKept(int from, int to)
    {
        var source = Window(1000, from);
        var target = Window(1000, to);
        var log = new SlidingWindowLog(from);
        var shorter = Math.Min(from, to) * TimeSpan.TicksPerSecond;
        for (var i = 0; i < 10; i++)
        {
            log.Charge(source, At(1_000_000 + i * (shorter / 20)), 50);
        }

        var now = At(1_000_000 + shorter / 2);
        var resized = log.Resize(target, now);

        Assert.That(resized.Evaluate(target, now, 0).Remaining, Is.EqualTo(500));
        Assert.That(resized.Evaluate(target, now, 501).IsAdmitted, Is.False);
        Assert.That(resized.Evaluate(target, At(now.Floor + to * TimeSpan.TicksPerSecond + source.UnitTicks), 1000).IsAdmitted, Is.True);
    }

    private static void Fuzz(long permits, long changed, int seconds, ulong seed, int steps)
    {
        var (window, other) = (Window(permits, seconds), Window(changed, seconds));
        var isExact = Math.Max(permits, changed) <= SlidingWindowLog.MaxRuns;
        var log = new SlidingWindowLog(seconds);
        var exact = new ExactLog(window.Limit.Window.Ticks);
        var random = new SeededRandom((long)seed);
        var now = window.Limit.Window.Ticks;
        for (var i = 0; i < steps; i++)
        {
            now = Math.Max(0, now + Gap(random, window) * (isExact ? window.UnitTicks : 1));
            var current = random.Next(300) == 0 ? other : window;
            (window, other) = current.Limit == window.Limit ? (window, other) : (other, window);
            Step(ref log, exact, window, now, Cost(random, window), isExact);
        }
    }

    private static void Step(ref SlidingWindowLog log, ExactLog exact, in LimitWindow window, long now, long cost, bool isExact)
    {
        var decision = log.Evaluate(window, At(now), cost);
        var isAdmitted = exact.Admits(now, cost, window.Limit.Permits);
        if (decision.IsAdmitted ? !isAdmitted : isAdmitted && isExact)
        {
            throw new InvalidOperationException($"{cost} of {window.Limit} at {now}: {decision.IsAdmitted}");
        }

        if (decision.RetryAfter is { } wait
            && (!log.Evaluate(window, At(now + wait.Ticks), cost).IsAdmitted
                || log.Evaluate(window, At(now + wait.Ticks - window.UnitTicks), cost).IsAdmitted))
        {
            throw new InvalidOperationException($"{cost} of {window.Limit} at {now}: a wait of {wait} is not exact");
        }

        if (decision.RetryAfter is null && !decision.IsAdmitted && cost <= window.Limit.Permits)
        {
            throw new InvalidOperationException("A cost within the limit was rejected without a wait.");
        }

        if (decision.IsAdmitted && cost > 0)
        {
            log.Charge(window, At(now), cost);
            exact.Charge(now, cost);
            var after = log.Evaluate(window, At(now), 0);
            if (after.Remaining != decision.Remaining || after.ResetAfter != decision.ResetAfter)
            {
                throw new InvalidOperationException("The decision does not match the state after the charge.");
            }
        }
    }

    private static long Gap(SeededRandom random, in LimitWindow window)
    {
        long whole = window.Units;
        return random.Next(40) switch
        {
            < 12 => 0,
            < 15 => 1,
            < 25 => random.Next(whole / 1000),
            < 33 => random.Next(whole / 40),
            < 36 => random.Next(whole / 3),
            36 => whole,
            37 => -random.Next(whole / 5),
            38 => random.Next(4 * whole),
            _ => random.Next(3) == 0 ? -2 * whole : whole - 1,
        };
    }

    private static long Cost(SeededRandom random, in LimitWindow window) => random.Next(20) switch
    {
        < 8 => 1,
        8 => 0,
        9 => window.Limit.Permits,
        10 => random.Next(2 * window.Limit.Permits),
        _ => 1 + random.Next(Math.Max(1, window.Limit.Permits / 30)),
    };

    private static bool TryCharge(ref SlidingWindowLog log, in LimitWindow window, long now)
    {
        var isAdmitted = log.Evaluate(window, At(now), 1).IsAdmitted;
        if (isAdmitted)
        {
            log.Charge(window, At(now), 1);
        }

        return isAdmitted;
    }

    private static int WorstWindow(List<long> times, long window)
    {
        int worst = 0, first = 0;
        for (var i = 0; i < times.Count; i++)
        {
            while (times[i] - times[first] >= window)
            {
                first++;
            }

            worst = Math.Max(worst, i - first + 1);
        }

        return worst;
    }

    private static LimitWindow Window(long permits, int seconds) => new(new RateLimit(permits, TimeSpan.FromSeconds(seconds)));

    private static ClockReading At(long ticks) => new(ticks, ticks);
}
