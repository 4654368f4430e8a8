using System.Diagnostics;
using System.Threading.RateLimiting;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;

namespace ApiKeyAuth.Benchmarks.Limiters;

/// <summary>Checks in memory: one that passes on one thread, and one that does not on two.</summary>
internal static class MemoryRounds
{
    private const int Rounds = 15;
    private const int Checks = 200_000;
    private const int Keys = 1000;

    public static List<IReadOnlyList<string>> Run()
    {
        var ours = new InMemoryRateLimiter(TimeProvider.System);
        var passing = Enumerable.Range(0, Keys).Select(key => new RateLimitSubject($"key{key}", RateLimit.ParseList("1,000,000,000/hour"), null, null)).ToArray();
        using var theirs = Sliding(1_000_000_000);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        OursPass(ours, passing);
        bytes = GC.GetAllocatedBytesForCurrentThread();
        OursPass(ours, passing);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        var (pass, rivalPass) = InTurns(() => OursPass(ours, passing), () => TheirsPass(theirs));

        var denied = new RateLimitSubject("denied", RateLimit.ParseList("10/hour"), null, null);
        using var denying = Sliding(10);
        var (deny, rivalDeny) = InTurns(() => OnTwo(() => OursDeny(ours, denied)), () => OnTwo(() => TheirsDeny(denying)));
        return
        [
            LimiterBenchmark.Faster($"a check that passes, one thread, {Keys:N0} keys; {bytes / Checks} B", "ns", pass, "PartitionedRateLimiter", rivalPass, "2 × faster, 0 B"),
            LimiterBenchmark.Faster("a check that is refused, two threads on one key", "ns", deny, "PartitionedRateLimiter", rivalDeny, "6 × faster, 0 B"),
        ];
    }

    private static PartitionedRateLimiter<string> Sliding(int permits) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetSlidingWindowLimiter(key, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromHours(1),
            SegmentsPerWindow = 10,
            QueueLimit = 0,
        }));

    private static void OursPass(InMemoryRateLimiter limiter, RateLimitSubject[] subjects)
    {
        for (var check = 0; check < Checks; check++)
        {
            Expect(Check(limiter, subjects[check % Keys]), true);
        }
    }

    private static readonly string[] Names = [.. Enumerable.Range(0, Keys).Select(key => $"key{key}")];

    private static void TheirsPass(PartitionedRateLimiter<string> limiter)
    {
        for (var check = 0; check < Checks; check++)
        {
            using var lease = limiter.AttemptAcquire(Names[check % Keys]);
            Expect(lease.IsAcquired, true);
        }
    }

    private static void OursDeny(InMemoryRateLimiter limiter, RateLimitSubject subject)
    {
        for (var check = 0; check < Checks; check++)
        {
            Check(limiter, subject);
        }

        Expect(Check(limiter, subject), false);
    }

    private static void TheirsDeny(PartitionedRateLimiter<string> limiter)
    {
        for (var check = 0; check < Checks; check++)
        {
            limiter.AttemptAcquire("denied").Dispose();
        }

        Expect(limiter.AttemptAcquire("denied").IsAcquired, false);
    }

    private static bool Check(InMemoryRateLimiter limiter, RateLimitSubject subject)
    {
        var decision = limiter.CheckAsync(subject, 1, RateLimitCharge.IfAdmitted, default);
        return decision.IsCompletedSuccessfully ? decision.Result.IsAdmitted : throw new InvalidOperationException("The limiter in memory waited.");
    }

    private static void OnTwo(Action work)
    {
        var other = new Thread(() => work());
        other.Start();
        work();
        other.Join();
    }

    /// <summary>Nanoseconds a check, the two in turns.</summary>
    private static (double Ours, double Theirs) InTurns(Action ours, Action theirs)
    {
        var (mine, other) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            mine.Add(Time(ours));
            other.Add(Time(theirs));
        }

        return (LimiterBenchmark.Median(mine), LimiterBenchmark.Median(other));
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
            throw new InvalidOperationException("A limiter decided otherwise than the round is about.");
        }
    }
}
