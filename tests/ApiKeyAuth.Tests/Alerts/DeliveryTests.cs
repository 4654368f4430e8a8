using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Delivery;
using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>Delivery of alerts, failures, and clocks that jump.</summary>
public sealed class DeliveryTests
{
    private static readonly TimeSpan[] LongestWaits =
    [
        .. new[] { 5L, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400 }
            .Select(seconds => TimeSpan.FromSeconds(seconds * 120 / 100)),
    ];

    [Test]
    public async Task Log_ByDefault_ReceivesAlerts()
    {
        await using var rig = Rig();
        await FireAsync(rig);
        rig.Clock.Advance(TimeSpan.FromDays(3));
        await rig.EvaluateAsync();
        Assert.That(rig.Logs.Entries.Where(entry => entry.EventId is 80 or 81).Select(entry => $"{entry.Level} {entry.Text[..entry.Text.IndexOf('(', StringComparison.Ordinal)]}"),
            Is.EqualTo(new[] { "Warning Alert high_usage ", "Information Alert high_usage " }));
    }

    [Test]
    public async Task Handler_Fails_IsRetriedWithTheSameIdAndLongerDelays()
    {
        await using var rig = Rig();
        rig.IsDeaf = true;
        await FireAsync(rig);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            rig.Clock.Advance(LongestWaits[attempt] / 1.2 * 0.79);
            var lines = Failures(rig).Count;
            await rig.TellAsync();
            Assert.That(Failures(rig), Has.Count.EqualTo(lines), "not yet");
            rig.Clock.Advance(LongestWaits[attempt] / 1.2 * 0.42);
            await rig.TellAsync();
            Assert.That(Failures(rig), Has.Count.EqualTo(lines + 1));
        }

        rig.IsDeaf = false;
        rig.Clock.Advance(LongestWaits[4]);
        await rig.TellAsync();
        await rig.TellAsync();
        Assert.That(rig.Delivered, Has.One.Items);
        Assert.That(
            Failures(rig),
            Is.All.Contains(rig.Delivered[0].Id).And.All.Contains("InvalidOperationException").And.All.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Handler_FailsForDays_IsGivenUpAndReceivesTheNextAlert()
    {
        await using var rig = Rig();
        rig.IsDeaf = true;
        await FireAsync(rig);
        foreach (var wait in LongestWaits)
        {
            rig.Clock.Advance(wait);
            await rig.TellAsync();
        }

        Assert.That(rig.Logs.Entries.Single(entry => entry.EventId == 85).Text, Does.Contain("attempt 10"));
        Assert.That(LongestWaits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait) / 1.2, Is.GreaterThan(TimeSpan.FromDays(3)));
        rig.IsDeaf = false;
        rig.Clock.Advance(TimeSpan.FromDays(3));
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("high_usage:Resolved"));
    }

    [Test]
    public async Task Handlers_SeveralAndOneFails_AllReceiveTheAlert()
    {
        await using var rig = Rig(services => services.AddScoped<IApiKeyAlertHandler, Scoped>());
        rig.IsDeaf = true;
        await FireAsync(rig);
        Assert.That(Scoped.Delivered.Select(alert => alert.Kind), Is.EqualTo(new[] { "high_usage" }));
        Assert.That(rig.Logs.Entries.Count(entry => entry.EventId == 80), Is.EqualTo(1));
    }

    [Test]
    public async Task Delivery_AnotherNodeHasIt_IsLeftToItUntilItsTimeIsOver()
    {
        await using var rig = Rig();
        await FireAsync(rig, deliver: false);
        var targets = rig.Services.GetRequiredService<AlertTargets>().All.Select(target => target.Name).ToList();
        var now = rig.Clock.GetUtcNow();
        var taken = await rig.Alerts.ClaimDueAsync(targets, now, now.AddMinutes(2), TimeSpan.FromDays(1), 20, default);
        Assert.That(taken, Has.Count.EqualTo(2));
        await rig.TellAsync();
        Assert.That(rig.Delivered, Is.Empty);
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        await rig.TellAsync();
        Assert.That(rig.Delivered, Has.One.Items, "the node ended without a delivery");
    }

    [Test]
    public async Task Delivery_ClockSetBack_IsNotDelayedByAsMuch()
    {
        await using var rig = new AlertRig(services: services => services.AddSingleton<TimeProvider>(new MovableClock(AlertRig.Start)));
        var clock = (MovableClock)rig.Services.GetRequiredService<TimeProvider>();
        await rig.AddAsync(with: key => key with { ExpiresAt = new ApiKeyExpiry(clock.Now.AddDays(1)) });
        rig.IsDeaf = true;
        await rig.EvaluateAsync();
        Assert.That(Failures(rig), Has.Count.EqualTo(1));
        rig.IsDeaf = false;
        clock.Now = clock.Now.AddYears(-1);
        await rig.TellAsync();
        Assert.That(rig.Delivered, Has.One.Items);
    }

    private static AlertRig Rig(Action<IServiceCollection>? services = null) =>
        new(alerts => alerts.Default = new() { HighUsage = new() { Threshold = 1, Period = ApiKeyAlertPeriod.Daily } }, services);

    private static async Task FireAsync(AlertRig rig, bool deliver = true)
    {
        rig.Use(await rig.AddAsync());
        await rig.Services.GetRequiredService<UsageFlusher>().RunAsync(default);
        await rig.Services.GetRequiredService<AlertEvaluator>().RunAsync(default);
        if (deliver)
        {
            await rig.TellAsync();
        }
    }

    private static List<string> Failures(AlertRig rig) =>
        [.. rig.Logs.Entries.Where(entry => entry.EventId is 84 or 85).Select(entry => entry.Text)];

    private sealed class Scoped : IApiKeyAlertHandler
    {
        public static List<ApiKeyAlert> Delivered { get; } = [];

        public ValueTask HandleAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
        {
            Delivered.Add(alert);
            return ValueTask.CompletedTask;
        }
    }
}
