using System.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Caching;
using ApiKeyAuth.Tests.Stores;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Diagnostics;

[NonParallelizable] // Activity listeners receive the activities of the whole process.
public sealed class MetricsAndActivityTests
{
    private static readonly string[] Secrets = [.. Enumerable.Range(0, 8).Select(_ => new ApiKeyFormat().Generate("live"))];

    [Test]
    public async Task FindInCache_EveryLookup_IsCountedByResult()
    {
        using var rig = new CacheRig(new ScriptedStore(CacheRig.Key("k1", "s1")));
        using var metrics = new CapturedMetrics(rig.Services);
        foreach (var secret in new[] { "s1", "s1", "s2", "s2" })
        {
            await rig.OutcomeAsync(secret);
        }

        Assert.That(
            metrics.Ours.Where(text => text.StartsWith("apikeyauth.cache.lookups", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "miss", "known", "miss", "unknown" }.Select(
                result => $"apikeyauth.cache.lookups {{lookup}} apikeyauth.cache.result={result}")));
    }

    [Test]
    public async Task LoadFromStore_EveryResult_IsTimedAndTraced()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        using var rig = new CacheRig(store);
        using var metrics = new CapturedMetrics(rig.Services);
        using var activities = new CapturedActivities();
        using var caller = new Activity("request").Start();
        await rig.OutcomeAsync("s1");
        await rig.OutcomeAsync("s2");
        store.IsDown = true;
        await rig.OutcomeAsync("s3");
        string[] results = ["found", "not_found", "failed"];
        Assert.That(
            metrics.Ours.Where(text => text.StartsWith("apikeyauth.store", StringComparison.Ordinal)),
            Is.EqualTo(results.Select(result => $"apikeyauth.store.load.duration s apikeyauth.store.result={result}")));
        Assert.That(activities.StoreLoads.Select(load => load.GetTagItem("apikeyauth.store.result")), Is.EqualTo(results));
        Assert.That(activities.StoreLoads.Select(load => (load.Source.Name, load.Parent)), Is.All.EqualTo(("ApiKeyAuth", (Activity?)null)));
    }

    [Test]
    public async Task LoadFromStore_Timeout_IsTimedByTheClock()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        using var metrics = new CapturedMetrics(rig.Services);
        var lookup = rig.FindAsync("s1");
        await store.NextAsync();
        await Eventually.IsTrueAsync(() => rig.Clock.Timers > 0);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await lookup.WaitAsync(Eventually.Deadline);
        var load = metrics.All.Single(m => m.Instrument == "apikeyauth.store.load.duration");
        Assert.That((load.Value, load.Tags), Is.EqualTo((2.0, "apikeyauth.store.result=failed")));
    }

    [Test]
    public async Task FindInCache_StoreIsDown_CountsStaleKeys()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        using var rig = new CacheRig(store);
        using var metrics = new CapturedMetrics(rig.Services);
        await rig.OutcomeAsync("s1");
        store.IsDown = true;
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        await rig.OutcomeAsync("s1");
        Assert.That(metrics.Ours, Has.One.EqualTo("apikeyauth.cache.stale_serves {lookup}"));
    }

    [Test]
    public async Task Authenticate_EveryOutcome_IsCountedBySchemeAndOutcomeOnly()
    {
        var now = new TimerClock().GetUtcNow();
        var store = new ScriptedStore(
            RunningApp.Key("k0", Secrets[0]),
            RunningApp.Key("k1", Secrets[1]) with { RevokedAt = now },
            RunningApp.Key("k2", Secrets[2]) with { Enabled = false },
            RunningApp.Key("k3", Secrets[3]) with { ExpiresAt = new ApiKeyExpiry(now) },
            RunningApp.Key("k4", Secrets[4]) with { Networks = [System.Net.IPNetwork.Parse("203.0.113.0/24")] },
            RunningApp.Key("k5", Secrets[5]) with { Audiences = ["other"] });
        await using var app = await RunningApp.StartAsync(store);
        foreach (var secret in Secrets[..7])
        {
            await app.CallAsync(secret);
        }

        await app.CallAsync("malformed");
        await app.CallAsync(null);
        store.IsDown = true;
        await app.CallAsync(Secrets[7]);
        string[] outcomes =
        [
            "accepted", "revoked", "disabled", "expired", "wrong_network", "wrong_audience", "unknown", "malformed", "store_unavailable",
        ];
        Assert.That(
            app.Metrics.Ours.Where(text => text.StartsWith("apikeyauth.authentications", StringComparison.Ordinal)),
            Is.EqualTo(outcomes.Select(outcome =>
                $"apikeyauth.authentications {{authentication}} apikeyauth.scheme=ApiKey apikeyauth.outcome={outcome}")));
        Assert.That(app.Metrics.Ours.Count(text => text == "apikeyauth.verify.duration s"), Is.EqualTo(8), "all well-formed keys");
        Assert.That(app.Metrics.Ours, Has.None.Contains("tenant-7").And.None.Contains("127.0.0.1").And.None.Match(@"\bk\d\b"));
    }

    [Test]
    public async Task CheckRateLimit_EveryDecision_IsCountedByLimiterAndResult()
    {
        var store = new ScriptedStore(RunningApp.Key("k0", Secrets[0]) with { RateLimits = RateLimit.ParseList("1/minute") });
        await using var app = await RunningApp.StartAsync(
            store, options => options.RateLimiting.FailedAuthentications = RateLimit.ParseList("1/minute")[0]);
        await app.CallAsync(Secrets[0]);
        await app.CallAsync(Secrets[0]);
        await app.CallAsync(Secrets[1]);
        await app.CallAsync(Secrets[1]);
        const string Counter = "apikeyauth.ratelimit.decisions {decision} apikeyauth.ratelimit.limiter=";
        Assert.That(app.Metrics.Ours.Where(text => text.StartsWith("apikeyauth.ratelimit", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            $"{Counter}key apikeyauth.ratelimit.result=admitted", $"{Counter}key apikeyauth.ratelimit.result=refused",
            $"{Counter}failed_authentication apikeyauth.ratelimit.result=admitted",
            $"{Counter}failed_authentication apikeyauth.ratelimit.result=refused",
        }));
        Assert.That((app.Log.Of(30).Count, app.Log.Of(31).Count), Is.EqualTo((1, 1)));
        Assert.That(app.Log.Of(30)[0].Text, Does.Contain("k0"));
    }
}
