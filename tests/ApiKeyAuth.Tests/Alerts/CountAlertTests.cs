using ApiKeyAuth.Alerts;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>Alerts by the number of requests: one at the threshold, and one when it is resolved.</summary>
public sealed class CountAlertTests
{
    [Test]
    public async Task HighUsage_AtTheThreshold_IsReportedOnceWithItsDetails()
    {
        await using var rig = Rig(new() { HighUsage = new() { Threshold = 10, Period = ApiKeyAlertPeriod.Daily } });
        var key = await rig.AddAsync(with: key => key with { TenantId = "acme" });
        rig.Use(key, 9);
        Assert.That(await rig.EvaluateAsync(), Is.Empty);
        rig.Clock.Advance(TimeSpan.FromHours(5));
        rig.Use(key, 1, "rate_limited");

        var alert = (await rig.EvaluateAsync()).Single();

        Assert.That((alert.Kind, alert.State, alert.KeyId, alert.KeyName, alert.TenantId, alert.At), Is.EqualTo((
            ApiKeyAlertKinds.HighUsage, ApiKeyAlertState.Firing, "key1", "a name", "acme", AlertRig.Start.AddHours(5))));
        Assert.That(alert.Message, Is.EqualTo("API key key1 has 10 requests since 2026-03-02 00:00 UTC; the daily threshold is 10."));
        Assert.That(
            alert.Details,
            Is.EquivalentTo(new Dictionary<string, string> { ["count"] = "10", ["threshold"] = "10", ["period"] = "daily", ["since"] = "2026-03-02T00:00:00Z" }));
        rig.Use(key, 100);
        Assert.That(await rig.EvaluateAsync(), Is.Empty, "once");
    }

    [Test]
    public async Task HighUsage_APeriodWithout_IsResolvedAndCanFireAgain()
    {
        await using var rig = Rig(new() { HighUsage = new() { Threshold = 10, Period = ApiKeyAlertPeriod.Hourly } });
        var key = await rig.AddAsync();
        rig.Use(key, 10);
        var fired = (await rig.EvaluateAsync()).Single();

        // The next hour reaches it too, which is the same incident.
        rig.Clock.Advance(TimeSpan.FromMinutes(60));
        rig.Use(key, 10);
        Assert.That(await rig.EvaluateAsync(), Is.Empty);
        rig.Clock.Advance(TimeSpan.FromMinutes(60));
        rig.Use(key, 9);
        Assert.That(await rig.EvaluateAsync(), Is.Empty);
        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.That(await rig.EvaluateAsync(), Is.Empty);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));

        var over = (await rig.EvaluateAsync()).Single();

        Assert.That(
            (over.State, over.Kind, over.Id, over.At),
            Is.EqualTo((ApiKeyAlertState.Resolved, fired.Kind, fired.Id + "_resolved", AlertRig.Start.AddHours(3))));
        rig.Use(key, 10);
        var again = (await rig.EvaluateAsync()).Single();
        Assert.That((again.State, again.Id == fired.Id), Is.EqualTo((ApiKeyAlertState.Firing, false)));
    }

    [Test]
    public async Task Failures_AllButSuccess_Count()
    {
        await using var rig = Rig(new() { Failures = new() { Threshold = 4, Period = ApiKeyAlertPeriod.Hourly } });
        var key = await rig.AddAsync();
        foreach (var outcome in new[] { "client_error", "server_error", "insufficient_scope" })
        {
            rig.Use(key, 1, outcome);
        }

        rig.Use(key, 50);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
        rig.Use(key, 1, "rate_limited");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("failures:Firing"));
    }

    [TestCase(301, "unusual_activity:Firing")]
    [TestCase(300, "")]
    public async Task UnusualActivity_MoreThanThreeTimesTheBusiestHour_RaisesAnAlert(int count, string expected)
    {
        await using var rig = Rig(new() { UnusualActivity = true });
        var key = await rig.AddAsync();
        rig.Use(key, 100);
        await rig.EvaluateAsync();
        rig.Clock.Advance(TimeSpan.FromHours(24));
        rig.Use(key, count);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo(expected));
    }

    [TestCase(1, 99, 24, "", TestName = "UnusualActivity_BelowTheFloor_IsNone")]
    [TestCase(1, 100, 24, "unusual_activity:Firing", TestName = "UnusualActivity_AtTheFloor_IsTold")]
    [TestCase(1, 100, 23, "", TestName = "UnusualActivity_OfAKeyOfADay_IsNone")]
    [TestCase(0, 100, 24, "", TestName = "UnusualActivity_OfAKeyNeverUsed_IsNone")]
    [TestCase(100, 100, 8 * 24, "", TestName = "UnusualActivity_NoHourInAWeek_IsNone")]
    public async Task UnusualActivity_Of(int before, int count, int hours, string expected)
    {
        await using var rig = Rig(new() { UnusualActivity = true });
        var key = await rig.AddAsync();
        rig.Use(key, before);
        await rig.EvaluateAsync();
        rig.Clock.Advance(TimeSpan.FromHours(hours));
        rig.Use(key, count);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo(expected));
    }

    [Test]
    public async Task Settings_NearestThatIsSet_HoldsWhole()
    {
        await using var rig = Rig(new() { HighUsage = new() { Threshold = 5, Period = ApiKeyAlertPeriod.Hourly } });
        ApiKeyAlertSettings Failures(int threshold) => new()
        {
            Failures = new() { Threshold = threshold, Period = ApiKeyAlertPeriod.Hourly },
        };
        var (own, tenants, apps) = (
            await rig.AddAsync("own", Of("acme")), await rig.AddAsync("tenants", Of("acme")), await rig.AddAsync("apps"));
        await rig.Alerts.SetSettingsAsync(ApiKeyAlertSubject.Tenant("acme"), Failures(2), default);
        await rig.Alerts.SetSettingsAsync(ApiKeyAlertSubject.Key("own"), Failures(3), default);
        foreach (var key in new[] { own, tenants, apps })
        {
            rig.Use(key, 2, "client_error");
            rig.Use(key, 3);
        }

        Assert.That(
            (await rig.EvaluateAsync()).Select(alert => (alert.KeyId, alert.Kind)),
            Is.EquivalentTo(new[] { ("tenants", "failures"), ("apps", "high_usage") }));
        await rig.Alerts.SetSettingsAsync(ApiKeyAlertSubject.App, new(), default);
        await rig.Alerts.SetSettingsAsync(ApiKeyAlertSubject.Key("own"), null, default);
        rig.Clock.Advance(TimeSpan.FromHours(9));
        await rig.EvaluateAsync();
        foreach (var key in new[] { own, tenants, apps })
        {
            rig.Use(key, 9, "client_error");
        }

        Assert.That(
            (await rig.EvaluateAsync()).Select(alert => (alert.KeyId, alert.Kind)),
            Is.EquivalentTo(new[] { ("own", "failures"), ("tenants", "failures") }));
    }

    [Test]
    public async Task Alerts_KeyDeletedMeanwhile_AreNone()
    {
        await using var rig = Rig(new() { HighUsage = new() { Threshold = 5, Period = ApiKeyAlertPeriod.Hourly } });
        var key = await rig.AddAsync();
        rig.Use(key, 3);
        await rig.EvaluateAsync();
        await rig.ChangeAsync(null);
        rig.Use(key, 3);
        Assert.That(await rig.EvaluateAsync(), Is.Empty, "a key that is gone");
    }

    [Test]
    public async Task Alerts_ClockSetBackAndForward_AreReportedOnceEach()
    {
        await using var rig = new AlertRig(
            alerts => alerts.Default = new() { HighUsage = new() { Threshold = 5, Period = ApiKeyAlertPeriod.Hourly } });
        var key = await rig.AddAsync();
        rig.Use(key, 5);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("high_usage:Firing"));

        // A clock that is set forward by more than a year resolves open incidents, and the new hour is evaluated separately.
        rig.Clock.Advance(TimeSpan.FromDays(400));
        rig.Use(key, 4);
        Assert.That(
            await rig.EvaluateAndFormatAsync(),
            Is.EqualTo("dormant_key_awake:Firing high_usage:Resolved").Or.EqualTo("high_usage:Resolved dormant_key_awake:Firing"));
        rig.Use(key, 1);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("high_usage:Firing"));
    }

    private static AlertRig Rig(ApiKeyAlertSettings set) => new(alerts =>
    {
        alerts.Default = set;
        alerts.Dormant = TimeSpan.Zero;
    });

    private static Func<ApiKey, ApiKey> Of(string tenant) => key => key with { TenantId = tenant };
}
