using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.RateLimiting;

[TestFixture, NonParallelizable]
public sealed class InMemoryRateLimiterLoadTests
{
    private static readonly RateLimit Minute = new(10_000, TimeSpan.FromMinutes(1));

    [Test]
    public async Task Check_EightTasksTwoSubjectsAndSweeps_AdmitsExactlyTheLimit()
    {
        var limiter = new InMemoryRateLimiter(new FakeTimeProvider());
        RateLimitSubject[] subjects = [new("hot", [Minute]), new("hot", [Minute])];
        var admitted = 0;
        var tasks = Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                Interlocked.Add(ref admitted, IsAdmitted(limiter, subjects[n % 2]) ? 1 : 0);
                if (i % 8 == 0)
                {
                    _ = IsAdmitted(limiter, new RateLimitSubject($"{n}-{i}", [Minute]));
                }
            }
        }));
        await Task.WhenAll(tasks);
        Assert.That(admitted, Is.EqualTo(10_000));
    }

    [Test]
    public async Task Check_ManyKeysOfOneTenantAtOnce_AdmitsExactlyTheTenantsLimit()
    {
        var limiter = new InMemoryRateLimiter(new FakeTimeProvider());
        var admitted = 0;
        var tasks = Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            var subject = new RateLimitSubject($"key{n % 3}", [new(8000, TimeSpan.FromHours(1)), Minute], "tenant", [Minute]);
            for (var i = 0; i < 5000; i++)
            {
                Interlocked.Add(ref admitted, IsAdmitted(limiter, subject) ? 1 : 0);
            }
        }));
        await Task.WhenAll(tasks);
        Assert.That(admitted, Is.EqualTo(10_000));
    }

    [Test]
    public async Task Check_LimitsOfTwoShapesAtOnce_NeverAdmitsMoreThanTheWindowTheyShare()
    {
        var limiter = new InMemoryRateLimiter(new FakeTimeProvider());
        var admitted = 0;
        var tasks = Enumerable.Range(0, 4).Select(n => Task.Run(() =>
        {
            var subject = new RateLimitSubject("hot", n % 2 == 0 ? [Minute] : [Minute, new(9000, TimeSpan.FromHours(1))]);
            for (var i = 0; i < 5000; i++)
            {
                Interlocked.Add(ref admitted, IsAdmitted(limiter, subject) ? 1 : 0);
            }
        }));
        await Task.WhenAll(tasks);
        Assert.That(admitted, Is.EqualTo(10_000));
    }

    [Test]
    public void Check_RealClockAndAKeyThatIsRejectedAndAdmittedInTurn_AgreesWithItsWaits()
    {
        var time = new FakeTimeProvider();
        var limiter = new InMemoryRateLimiter(time);
        var subject = new RateLimitSubject("k", [new(200, TimeSpan.FromMinutes(1))]);
        for (var i = 0; i < 2000; i++)
        {
            var decision = limiter.Check(subject, 3);
            if (!decision.IsAdmitted)
            {
                time.Advance(decision.RetryAfter!.Value);
                Assert.That(limiter.Check(subject, 3).IsAdmitted, Is.True);
            }

            time.Advance(TimeSpan.FromMilliseconds(i % 700));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public void Check_AdmittedOrRejected_AllocatesNothing(int others)
    {
        var limiter = new InMemoryRateLimiter(TimeProvider.System);
        RateLimit[] limits = [Minute, .. Enumerable.Range(1, others).Select(n => new RateLimit(20_000, TimeSpan.FromHours(n)))];
        var subject = new RateLimitSubject("k", limits, "t", others > 1 ? [Minute] : []);
        for (var i = 0; i < 200; i++)
        {
            _ = IsAdmitted(limiter, subject);
        }

        Assert.That(AllocatedBy(() => _ = limiter.Check(subject, 1), 1000), Is.Zero);
        _ = limiter.Check(subject, 8_000);
        Assert.That(limiter.Check(subject, 5_000).IsAdmitted, Is.False);
        Assert.That(AllocatedBy(() => _ = limiter.Check(subject, 5_000), 1000), Is.Zero);
        Assert.That(AllocatedBy(() => _ = limiter.Check(subject, 5_001 + Environment.CurrentManagedThreadId), 1000), Is.Zero);
    }

    [TestCase(1, 160)]
    [TestCase(64, 660)]
    public void Check_TwentyThousandKeys_HoldsFewBytesAKey(int runs, int most)
    {
        const int Keys = 20_000;
        var time = new FakeTimeProvider();
        var limiter = new InMemoryRateLimiter(time);
        var subjects = Array.ConvertAll(Enumerable.Range(0, Keys).ToArray(), n => new RateLimitSubject($"key{n}", [Minute]));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var run = 0; run < runs; run++)
        {
            foreach (var subject in subjects)
            {
                limiter.Check(subject, 1);
            }

            time.Advance(TimeSpan.FromSeconds(0.97));
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Keys;
        GC.KeepAlive(subjects);
        GC.KeepAlive(limiter);
        TestContext.Out.WriteLine($"{bytes:F1} B a key with {runs} runs");
        Assert.That(bytes, Is.LessThanOrEqualTo(most));
    }

    private static long AllocatedBy(Action check, int times)
    {
        check();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
        {
            check();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static bool IsAdmitted(InMemoryRateLimiter limiter, RateLimitSubject subject) => limiter.Check(subject).IsAdmitted;
}
