using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Conformance.Limiters;

public abstract partial class ApiKeyRateLimiterConformance
{
    [Test]
    public async Task Check_ConcurrentRequests_AdmitsExactlyTheLimit()
    {
        var (one, same) = (CreateSubject("500/hour"), CreateSubject("500/hour"));
        Assert.That(await CountAdmittedAsync(16, 100, (task, _) => IsAdmittedAsync(task % 2 == 0 ? one : same)), Is.EqualTo(500));
    }

    [Test]
    public async Task Check_ConcurrentRequestsOfDifferentCosts_AdmitsExactlyTheLimit()
    {
        var subject = CreateSubject("1000/hour;5000/day");
        long spent = 0;
        await CountAdmittedAsync(16, 60, async (task, check) =>
        {
            var cost = (task + check) % 5;
            var isAdmitted = await IsAdmittedAsync(subject, cost);
            Interlocked.Add(ref spent, isAdmitted ? cost : 0);
            return isAdmitted;
        });
        Assert.That(spent, Is.EqualTo(1000));
        Assert.That((await CheckAsync(CreateSubject("5000/day"), 0)).Remaining, Is.EqualTo(4000));
    }

    [Test]
    public async Task Check_ConcurrentRequests_ReportsEachRemainingValueOnce()
    {
        var subject = CreateSubject("200/hour");
        var decisions = await Task.WhenAll(Enumerable.Range(0, 250).Select(_ => CheckAsync(subject)));
        Assert.That(
            decisions.Where(decision => decision.IsAdmitted).Select(decision => decision.Remaining).Order(),
            Is.EqualTo(Enumerable.Range(0, 200)));
        Assert.That(decisions.Where(decision => !decision.IsAdmitted).Select(decision => decision.Remaining), Is.All.Zero);
    }

    [Test]
    public async Task Check_ConcurrentKeysOfOneTenant_AdmitsExactlyTheTenantLimit()
    {
        RateLimitSubject[] subjects = [.. Enumerable.Range(0, 4).Select(key => CreateSubject("400/hour", $"key{key}", "500/hour;900/day"))];
        Assert.That(await CountAdmittedAsync(16, 60, (task, _) => IsAdmittedAsync(subjects[task % 4])), Is.EqualTo(500));
    }

    [Test]
    public async Task Check_ConcurrentRequestsWithDifferentLimits_AdmitsExactlyTheSharedLimit()
    {
        var (one, both) = (CreateSubject("500/hour"), CreateSubject("500/hour;9000/day"));
        Assert.That(await CountAdmittedAsync(8, 100, (task, _) => IsAdmittedAsync(task % 2 == 0 ? one : both)), Is.EqualTo(500));
    }

    [Test]
    public async Task Check_ConcurrentRejectionsChargedAlways_ChargesEach()
    {
        Assert.That(await IsAdmittedAsync(CreateSubject("100/hour"), 100), Is.True);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CheckAsync(CreateSubject("100/hour"), 1, RateLimitCharge.Always)));
        Assert.That((await CheckAsync(CreateSubject("151/hour"), 0)).Remaining, Is.EqualTo(1));
    }

    [Test]
    public async Task Check_SubjectRecreatedAfterManyOthers_KeepsItsState()
    {
        Assert.That(await IsAdmittedAsync(CreateSubject("3/hour"), 3), Is.True);
        for (var batch = 0; batch < 40; batch++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(other => CheckAsync(CreateSubject("3/second", $"other{batch}-{other}"))));
        }

        Assert.That(await IsAdmittedAsync(CreateSubject("3/hour")), Is.False);
    }
}
