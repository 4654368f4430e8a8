using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Tests that the host calls each store once before it listens.</summary>
public sealed class StoreWarmUpTests
{
    private const int Failed = 15;
    private const int TimedOut = 16;

    [Test]
    public async Task Start_FirstCallOfTheStoreIsSlow_WaitsForIt()
    {
        var clock = new TimerClock();
        var store = new ScriptedStore(async (_, token) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), clock, token);
            return null;
        });
        var starting = StartAsync(store, clock);
        await Eventually.IsTrueAsync(() => store.Calls == 1);
        Assert.That(starting.IsCompleted, Is.False);
        await AdvanceUntilAsync(clock, starting);

        await using var app = await starting;
        Assert.That(Warnings(app), Is.Empty);
    }

    [Test]
    public async Task Start_StoreIsDown_StartsAndLogsTheTypeOnly()
    {
        var store = new ScriptedStore { IsDown = true };
        await using var app = await StartAsync(store);

        Assert.That(Warnings(app).Select(entry => entry.EventId), Is.EqualTo(new[] { Failed }));
        Assert.That(Warnings(app).Single().Text, Does.Contain(nameof(ScriptedStore)).And.Contain("FindAsync").And.Not.Contain("hunter2"));
        using var response = await app.GetAsync("/", app.NewSecret());
        Assert.That((int)response.StatusCode, Is.EqualTo(503));
    }

    [Test]
    public async Task Start_StoreDoesNotRespond_StartsAfterTheTimeout()
    {
        var clock = new TimerClock();
        using var never = new ManualResetEventSlim();
        var store = new ScriptedStore((_, _) =>
        {
            never.Wait(CancellationToken.None);
            return ValueTask.FromResult<ApiKey?>(null);
        });
        var starting = StartAsync(store, clock);
        await AdvanceUntilAsync(clock, starting);

        await using var app = await starting;
        Assert.That(Warnings(app).Select(entry => entry.EventId), Is.EqualTo(new[] { TimedOut }));
        never.Set();
    }

    [Test]
    public async Task Start_HostStops_CancelsTheStore()
    {
        var canceled = new TaskCompletionSource();
        var store = new ScriptedStore(async (_, token) =>
        {
            token.Register(canceled.SetResult);
            await Task.Delay(Timeout.Infinite, token);
            return null;
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddApiKeyAuth().Services.AddSingleton<IApiKeyStore>(store);
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        using var stop = new CancellationTokenSource();
        var starting = app.StartAsync(stop.Token);
        await Eventually.IsTrueAsync(() => store.Calls == 1);
        await stop.CancelAsync();

        Assert.That(async () => await starting, Throws.InstanceOf<OperationCanceledException>());
        await canceled.Task.WaitAsync(Eventually.Deadline);
    }

    [Test]
    public async Task Start_WritableStore_CallsEachMethodOnce()
    {
        var store = new Mock<IWritableApiKeyStore>(MockBehavior.Strict);
        store.Setup(s => s.FindAsync(It.Is<IReadOnlyList<ApiKeyHash>>(hashes => hashes.Count == 1), It.IsAny<CancellationToken>()))
            .ReturnsAsync((ApiKey?)null);
        store.Setup(s => s.ListAsync(It.Is<ApiKeyFilter>(filter => filter.Limit == 1 && filter.AllTenants), It.IsAny<CancellationToken>()))
            .ReturnsAsync([]);
        store.As<IApiKeyStoreWarmUp>().Setup(s => s.WarmUpAsync(It.IsAny<CancellationToken>())).Returns(ValueTask.CompletedTask);
        await using var app = await StartAsync(store.Object);

        Assert.That(Warnings(app), Is.Empty);
        store.Verify(s => s.FindAsync(It.IsAny<IReadOnlyList<ApiKeyHash>>(), It.IsAny<CancellationToken>()), Times.Once);
        store.Verify(s => s.ListAsync(It.IsAny<ApiKeyFilter>(), It.IsAny<CancellationToken>()), Times.Once);
        store.As<IApiKeyStoreWarmUp>().Verify(s => s.WarmUpAsync(It.IsAny<CancellationToken>()), Times.Once);
    }

    [Test]
    public async Task Start_ReadOnlyStore_CallsFindOnly()
    {
        var store = new ScriptedStore();
        await using var app = await StartAsync(store);
        Assert.That((store.Calls, Warnings(app).Length), Is.EqualTo((1, 0)));
    }

    private static Task<TestApp> StartAsync(IApiKeyStore store, TimeProvider? clock = null) =>
        TestApp.StartAsync(app => app.MapGet("/", () => "in").RequireAuthorization(), store: store, clock: clock);

    private static LogCapture.Entry[] Warnings(TestApp app) =>
        [
            .. app.Logs.Entries.Where(entry =>
                entry.Category.StartsWith("ApiKeyAuth", StringComparison.Ordinal) && entry.Level >= LogLevel.Warning),
        ];

    private static async Task AdvanceUntilAsync(TimerClock clock, Task done) => await Eventually.IsTrueAsync(() =>
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return done.IsCompleted;
    });
}
