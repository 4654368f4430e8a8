using System.Net;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Diagnostics;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;
using ApiKeyAuth.Usage.Countries;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace ApiKeyAuth.Tests.Usage;

/// <summary>Usage is written to the store once, at every interval and at the end, also after failures.</summary>
public sealed class FlushTests
{
    [Test]
    public async Task Flush_AtEveryInterval_StoresWhatWasCounted()
    {
        await using var app = await ManagedApp.StartAsync();
        var secret = await app.App.IssueAsync();
        for (var round = 1; round <= 2; round++)
        {
            await app.UseAsync(secret, "/any");
            var stored = app.Store.Batches.Count;
            await Eventually.IsTrueAsync(() =>
            {
                // The service creates its timer after the app has started, which the test cannot observe.
                app.App.Clock.Advance(TimeSpan.FromSeconds(10));
                return app.Store.Batches.Count > stored;
            });
            Assert.That((await app.KeyAsync()).UsageCount, Is.EqualTo(round));
        }
    }

    [Test]
    public async Task Flush_WhileTheAlertEvaluationHangs_Continues()
    {
        var looks = 0;
        var alerts = new Mock<IApiKeyAlertStore>(MockBehavior.Strict);
        alerts.Setup(store => store.ClaimDueAsync(
            It.IsAny<IReadOnlyList<string>>(),
            It.IsAny<DateTimeOffset>(),
            It.IsAny<DateTimeOffset>(),
            It.IsAny<TimeSpan>(),
            It.IsAny<int>(),
            It.IsAny<CancellationToken>())).ReturnsAsync([]);
        alerts.Setup(store => store.RemoveDeliveriesAsync(It.IsAny<DateTimeOffset>(), It.IsAny<CancellationToken>()))
            .Returns(ValueTask.CompletedTask);
        alerts.Setup(store => store.GetSettingsAsync(It.IsAny<IReadOnlyList<ApiKeyAlertSubject>>(), It.IsAny<CancellationToken>()))
            .Returns<IReadOnlyList<ApiKeyAlertSubject>, CancellationToken>(async (_, token) =>
            {
                Interlocked.Increment(ref looks);
                await Task.Delay(Timeout.Infinite, token);
                throw new InvalidOperationException();
            });
        await using var app = await ManagedApp.StartAsync(
            services: all => all.AddSingleton(alerts.Object), alerts: set => set.Interval = TimeSpan.FromSeconds(10));
        var secret = await app.App.IssueAsync();
        await app.UseAsync(secret, "/any");
        await AdvanceUntilAsync(() => Volatile.Read(ref looks) == 1);
        await app.UseAsync(secret, "/any");
        await AdvanceUntilAsync(() => app.Store.Batches.Count >= 2);
        Assert.That((await app.KeyAsync()).UsageCount, Is.EqualTo(2));
        Assert.That(looks, Is.EqualTo(1));

        Task AdvanceUntilAsync(Func<bool> isSo) => Eventually.IsTrueAsync(() =>
        {
            app.App.Clock.Advance(TimeSpan.FromSeconds(10));
            return isSo();
        });
    }

    [Test]
    public async Task Flush_AnswerOfTheStoreLost_CountsOnceWhenSentAgain()
    {
        await using var app = await ManagedApp.StartAsync();
        var secret = await app.App.IssueAsync();
        await app.UseAsync(secret, "/any");
        app.Store.LosesAnswers = true;
        await app.FlushAsync();
        Assert.That((await app.KeyAsync()).UsageCount, Is.EqualTo(1), "it was stored");
        await app.UseAsync(secret, "/any");
        await app.FlushAsync();
        app.Store.LosesAnswers = false;
        Assert.That(await app.OutcomesAsync(), Is.EqualTo(new Dictionary<string, long> { ["success"] = 2 }));
        Assert.That((await app.KeyAsync()).UsageCount, Is.EqualTo(2));
        Assert.That(
            app.App.Logs.Entries.Where(entry => entry.EventId == 60).Select(entry => entry.Text).ToList(),
            Has.Count.EqualTo(2).And.All.Not.Contain(SwitchedStore.Secret));
    }

    [Test]
    public async Task Flush_StoreDownForManyIntervals_LosesNothing()
    {
        await using var app = await ManagedApp.StartAsync();
        var secrets = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            secrets.Add(await app.App.IssueAsync());
            await app.UseAsync(secrets[^1], "/any");
        }

        app.Store.IsDown = true;
        for (var round = 0; round < 5; round++)
        {
            await app.FlushAsync();
            foreach (var secret in secrets)
            {
                await app.UseAsync(secret, "/any");
            }
        }

        app.Store.IsDown = false;
        Assert.That(await app.OutcomesAsync(), Is.EqualTo(new Dictionary<string, long> { ["success"] = 6 }));
        Assert.That(((await app.KeyAsync("key2")).UsageCount, (await app.KeyAsync("key3")).UsageCount), Is.EqualTo((6L, 6L)));
    }

    [Test]
    public async Task Flush_RowBudgetIsUsedUp_IsReportedByMetricAndLog()
    {
        await using var app = await ManagedApp.StartAsync(options => options.Usage.MaxPendingRows = 1_000);
        using var metrics = new CapturedMetrics(app.App.Services);
        for (var index = 0; index < 1_002; index++)
        {
            Count(app, new ApiKey { Id = $"key{index}", Secrets = [app.App.Hashed(app.App.NewSecret())] });
        }

        await app.FlushAsync();

        Assert.That(metrics.All.Single(measured => measured.Instrument == "apikeyauth.usage.dropped").Value, Is.EqualTo(2));
        Assert.That(app.App.Logs.Entries.Single(entry => entry.EventId == 61).Text, Does.StartWith("2 uses"));
        Assert.That(metrics.Ours.Where(text => text.StartsWith("apikeyauth.usage", StringComparison.Ordinal)).Distinct(), Is.EquivalentTo(new[]
        {
            "apikeyauth.usage.uses {use} apikeyauth.outcome=success",
            "apikeyauth.usage.flush.duration s apikeyauth.usage.result=stored",
            "apikeyauth.usage.pending {row}",
            "apikeyauth.usage.dropped {use}",
        }));
    }

    [Test]
    public async Task Flush_ManyKeys_GoInBoundedBatches()
    {
        await using var app = await ManagedApp.StartAsync();
        for (var index = 0; index < 600; index++)
        {
            await app.App.IssueAsync();
            Count(app, await app.KeyAsync($"key{index + 1}"));
        }

        await app.FlushAsync();
        Assert.That(app.Store.Batches, Is.EqualTo(new[] { 250, 250, 100 }));
        Assert.That((await app.KeyAsync("key600")).UsageCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Flush_WithAGeoResolver_StoresCountriesAndNoAddress()
    {
        var asked = new List<string>();
        await using var app = await ManagedApp.StartAsync(services: services => services.AddSingleton<IGeoResolver>(new Resolver(asked)));
        var secret = await app.App.IssueAsync();
        await app.UseAsync(secret, "/any");
        await app.FlushAsync();
        await app.UseAsync(secret, "/any");
        Assert.That(asked, Is.EqualTo(new[] { "127.0.0.0/24" }), "never while a request waits");
        await app.FlushAsync();

        Assert.That(
            (await app.HistoryAsync()).Countries,
            Is.EquivalentTo(new Dictionary<string, long> { ["CH"] = 1, [""] = 1 }),
            "a resolver that fails costs the country alone");
        Assert.That(app.App.Logs.Entries.Single(entry => entry.EventId == 63).Text, Does.Not.Contain("hunter2").And.Not.Contain("127.0"));
    }

    [Test]
    public async Task Upkeep_ClockSetForward_DeletesNothing()
    {
        await using var app = await ManagedApp.StartAsync();
        await app.UseAsync(await app.App.IssueAsync(), "/any");
        await app.FlushAsync();
        await using var services = new ServiceCollection().AddSingleton<IApiKeyStore>(app.Store.Inner).AddLogging().BuildServiceProvider();
        var clock = new JumpingClock(app.App.Clock.GetUtcNow());
        var upkeep = ActivatorUtilities.CreateInstance<UsageRetention>(services, new ApiKeyUsageOptions(), clock);

        clock.Now = clock.Now.AddYears(3);
        await upkeep.RunAsync(CancellationToken.None);
        Assert.That((await app.HistoryAsync()).Periods.Single().IsDay, Is.False);

        clock.Lived = TimeSpan.FromDays(40);
        await upkeep.RunAsync(CancellationToken.None);
        Assert.That((await app.HistoryAsync()).Periods.Single().IsDay, Is.True);

        clock.Lived = TimeSpan.FromDays(500);
        await upkeep.RunAsync(CancellationToken.None);
        Assert.That((await app.HistoryAsync()).Periods, Is.Empty);
    }

    private static void Count(ManagedApp app, ApiKey key) =>
        app.App.Services.GetRequiredService<UsageCounter>().Count(
            new VerifiedApiKey(key, key.Secrets[0], key.Scopes), ApiKeyUsageOutcomes.Success, null);

    private sealed class Resolver(List<string> asked) : IGeoResolver
    {
        public string? FindCountry(IPNetwork network)
        {
            asked.Add(network.ToString());
            return asked.Count == 1 ? "ch" : throw new InvalidOperationException("hunter2");
        }
    }

    private sealed class JumpingClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public TimeSpan Lived { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Lived.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
