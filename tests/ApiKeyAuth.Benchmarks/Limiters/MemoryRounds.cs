using System.Diagnostics;
using System.Threading.RateLimiting;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;

namespace ApiKeyAuth.Benchmarks.Limiters;

/// <summary>Measures checks in memory: admitted ones on one thread, and rejected ones on two threads.</summary>
internal static class MemoryRounds
{
    private const int Rounds = 15;
    private const int Checks = 200_000;
    private const int Keys = 1000;
    private const string Baseline = "PartitionedRateLimiter";

    public static List<IReadOnlyList<string>> Run()
    {
        var limit = RateLimit.ParseList("1,000,000,000/hour");
        var limiter = new InMemoryRateLimiter(TimeProvider.System);
        var subjects = Enumerable.Range(0, Keys).Select(key => new RateLimitSubject($"key{key}", limit, null, null)).ToArray();
        using var framework = CreateFrameworkLimiter(1_000_000_000);
        Admit(limiter, subjects);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        Admit(limiter, subjects);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        var (admitted, frameworkAdmitted) = Alternate(() => Admit(limiter, subjects), () => AdmitWithFramework(framework));

        var rejectedSubject = new RateLimitSubject("rejected", RateLimit.ParseList("10/hour"), null, null);
        using var exhausted = CreateFrameworkLimiter(10);
        var (rejected, frameworkRejected) = Alternate(
            () => RunOnTwoThreads(() => Reject(limiter, rejectedSubject)), () => RunOnTwoThreads(() => RejectWithFramework(exhausted)));
        var admittedName = $"an admitted check, one thread, {Keys:N0} keys; {bytes / Checks} B";
        return
        [
            LimiterBenchmark.Row(admittedName, "ns", admitted, Baseline, frameworkAdmitted, "2 × as fast, 0 B"),
            LimiterBenchmark.Row(
                "a rejected check, two threads on one key", "ns", rejected, Baseline, frameworkRejected, "6 × as fast, 0 B"),
        ];
    }

    private static PartitionedRateLimiter<string> CreateFrameworkLimiter(int permits) =>
        PartitionedRateLimiter.Create<string, string>(key =>
            RateLimitPartition.GetSlidingWindowLimiter(key, _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = permits,
                Window = TimeSpan.FromHours(1),
                SegmentsPerWindow = 10,
                QueueLimit = 0,
            }));

    private static void Admit(InMemoryRateLimiter limiter, RateLimitSubject[] subjects)
    {
        for (var check = 0; check < Checks; check++)
        {
            Expect(Check(limiter, subjects[check % Keys]), true);
        }
    }

    private static readonly string[] Names = [.. Enumerable.Range(0, Keys).Select(key => $"key{key}")];

    private static void AdmitWithFramework(PartitionedRateLimiter<string> limiter)
    {
        for (var check = 0; check < Checks; check++)
        {
            using var lease = limiter.AttemptAcquire(Names[check % Keys]);
            Expect(lease.IsAcquired, true);
        }
    }

    private static void Reject(InMemoryRateLimiter limiter, RateLimitSubject subject)
    {
        for (var check = 0; check < Checks; check++)
        {
            Check(limiter, subject);
        }

        Expect(Check(limiter, subject), false);
    }

    private static void RejectWithFramework(PartitionedRateLimiter<string> limiter)
    {
        for (var check = 0; check < Checks; check++)
        {
            limiter.AttemptAcquire("rejected").Dispose();
        }

        Expect(limiter.AttemptAcquire("rejected").IsAcquired, false);
    }

    private static bool Check(InMemoryRateLimiter limiter, RateLimitSubject subject)
    {
        var decision = limiter.CheckAsync(subject, 1, RateLimitCharge.IfAdmitted, default);
        return decision.IsCompletedSuccessfully
            ? decision.Result.IsAdmitted
            : throw new InvalidOperationException("The in-memory limiter did not complete synchronously.");
    }

    private static void RunOnTwoThreads(Action work)
    {
        var other = new Thread(() => work());
        other.Start();
        work();
        other.Join();
    }

    /// <summary>Measures nanoseconds per check, in alternating rounds.</summary>
    private static (double Ours, double Baseline) Alternate(Action ours, Action baseline)
    {
        var (ourTimes, baselineTimes) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ourTimes.Add(Time(ours));
            baselineTimes.Add(Time(baseline));
        }

        return (LimiterBenchmark.Median(ourTimes), LimiterBenchmark.Median(baselineTimes));
    }

    private static double Time(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Checks;
    }

    private static void Expect(bool isAdmitted, bool expected)
    {
        if (isAdmitted != expected)
        {
            throw new InvalidOperationException("A limiter made an unexpected decision.");
        }
    }
}
