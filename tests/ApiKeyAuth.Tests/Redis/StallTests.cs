namespace ApiKeyAuth.Tests.Redis;

/// <summary>Calls that are late because this process was paused, and calls that are late because Redis is slow.</summary>
internal sealed class StallTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    [Test]
    public async Task Check_ProcessPauses_WaitsForTheDecisionOfRedis()
    {
        await using var redis = new ScriptedRedis();
        var check = redis.CheckAsync();
        await redis.PauseAsync(Pause, check);
        redis.Answer(0, used: 60);
        Assert.That((await check).Remaining, Is.EqualTo(40));
        Assert.That(redis.Outages, Is.Zero);
    }

    [Test]
    public async Task Check_QueuedBehindACallThatAPauseDelayed_IsSentToRedis()
    {
        await using var redis = new ScriptedRedis();
        var first = redis.CheckAsync();
        var second = redis.CheckAsync();
        var third = redis.CheckAsync();
        await redis.PauseAsync(Pause, first);
        var sent = redis.Calls;
        redis.Answer(0, used: 60);
        await first;
        for (var call = 1; call < sent; call++)
        {
            redis.Answer(call, used: 61);
        }

        await redis.SentAsync(2);
        for (var call = Math.Max(1, sent); call < redis.Calls; call++)
        {
            redis.Answer(call, used: 62);
        }

        Assert.That((await second).Remaining, Is.InRange(38, 40));
        Assert.That((await third).Remaining, Is.InRange(38, 40));
        Assert.That(redis.Outages, Is.Zero);
    }

    [Test]
    public async Task Check_OneLateCall_IsDecidedAloneAndTheNextIsSentToRedis()
    {
        await using var redis = new ScriptedRedis();
        Assert.That((await redis.DecidedAsync(redis.CheckAsync())).IsUnavailable, "decided by this node");
        var next = redis.CheckAsync("other");
        var sent = redis.Calls;
        redis.Answer(sent - 1, used: 60);
        Assert.That((await next).Remaining, Is.EqualTo(40));
        Assert.That(redis.Outages, Is.Zero);
    }

    [Test]
    public async Task Check_SecondLateCallInARow_BeginsAnOutage()
    {
        await using var redis = new ScriptedRedis();
        await redis.DecidedAsync(redis.CheckAsync("one"));
        Assert.That(redis.Outages, Is.Zero);
        await redis.DecidedAsync(redis.CheckAsync("two"));
        Assert.That(redis.Outages, Is.EqualTo(1));
        var sent = redis.Calls;
        Assert.That(redis.CheckAsync("three").IsCompleted, "no check waits in an outage");
        Assert.That(redis.Calls, Is.EqualTo(sent));
    }

    [Test]
    public async Task Check_LateCallsUnderWayTogether_CountOnce()
    {
        await using var redis = new ScriptedRedis();
        var (one, two) = (redis.CheckAsync("one"), redis.CheckAsync("two"));
        await redis.DecidedAsync(one);
        await redis.DecidedAsync(two);
        Assert.That(redis.Outages, Is.Zero);
        await redis.DecidedAsync(redis.CheckAsync("three"));
        Assert.That(redis.Outages, Is.EqualTo(1));
    }

    [Test]
    public async Task Check_AnswerBetweenTwoLateCalls_BeginsNoOutage()
    {
        await using var redis = new ScriptedRedis();
        await redis.DecidedAsync(redis.CheckAsync("one"));
        var two = redis.CheckAsync("two");
        redis.Answer(redis.Calls - 1, used: 1);
        await two;
        await redis.DecidedAsync(redis.CheckAsync("three"));
        Assert.That(redis.Outages, Is.Zero);
    }
}
