using System.Net;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Delivery;
using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>Each target has its own queue. A target that hangs delays no other, and gets one alert at a time until it responds.</summary>
public sealed class AlertQueueTests
{
    private const int Alerts = 100;
    private static readonly TimeSpan WebhookTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan HandlerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    [Test]
    public async Task Delivery_OneReceiverHangs_OthersGetAllAlertsMeanwhile()
    {
        await using var hanging = await WebhookReceiver.StartAsync();
        await using var healthy = await WebhookReceiver.StartAsync();
        var isReleased = new TaskCompletionSource();
        hanging.Answer = context => isReleased.Task.WaitAsync(context.RequestAborted);
        await using var rig = Rig(alerts => (alerts.Webhooks[0].Url, alerts.Webhooks[1].Url) = (hanging.Url, healthy.Url));
        await FireAsync(rig, Alerts);

        var delivering = rig.StartDelivery();
        await Eventually.IsTrueAsync(() => hanging.Requests.Count == 4 && delivering.Count(part => !part.IsCompleted) == 1);
        Assert.That((Ids(healthy).Count, rig.Delivered.Count), Is.EqualTo((Alerts, Alerts)), "the first receiver still hangs");

        // It has timed out, so it gets one at a time.
        for (var sent = 5; sent <= 7; sent++)
        {
            rig.Clock.Advance(WebhookTimeout);
            await Eventually.IsTrueAsync(() => hanging.Requests.Count == sent);
        }

        Assert.That(
            rig.Logs.Entries.Where(entry => entry.EventId == 84).Select(entry => entry.Text),
            Has.Exactly(6).Items.And.All.Contains("webhook:first:").And.All.Contains("(timeout, "),
            "four at once, then one and one");
        isReleased.SetResult();
        await Task.WhenAll(delivering);
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        await rig.TellAsync();
        Assert.That(Ids(hanging), Is.EquivalentTo(Ids(healthy)), "each alert is delivered at least once");
    }

    [Test]
    public async Task Delivery_OneHandlerHangs_OthersGetAllAlertsAndItsCallsAreBounded()
    {
        var handler = new HangingHandler();
        await using var rig = Rig(services: services => services.AddSingleton<IApiKeyAlertHandler>(handler));
        await FireAsync(rig, Alerts);

        var delivering = rig.StartDelivery();
        await Eventually.IsTrueAsync(() => handler.Calls == AlertQueue.MaxConcurrent && delivering.Count(part => !part.IsCompleted) == 1);
        Assert.That(rig.Delivered, Has.Count.EqualTo(Alerts), "the first handler still hangs");
        rig.Clock.Advance(HandlerTimeout);
        await Task.WhenAll(delivering);
        await rig.TellAsync();
        Assert.That(handler.Calls, Is.EqualTo(AlertQueue.MaxConcurrent), "calls that never return are not added to");
        var stuck = rig.Logs.Entries.Single(entry => entry.EventId == 88).Text;
        Assert.That(stuck, Does.StartWith("4 calls to handler:").And.Contain(nameof(HangingHandler)));

        handler.Release();
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        while (handler.Calls < Alerts + AlertQueue.MaxConcurrent)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await rig.TellAsync();
        }

        Assert.That(handler.Calls, Is.EqualTo(Alerts + AlertQueue.MaxConcurrent));
    }

    [Test]
    public async Task Delivery_HandlerBlocksItsThread_OthersAreNotDelayed()
    {
        using var isReleased = new ManualResetEventSlim();
        var handler = new Mock<IApiKeyAlertHandler>(MockBehavior.Strict);
        handler.Setup(mock => mock.HandleAsync(It.IsAny<ApiKeyAlert>(), It.IsAny<CancellationToken>())).Returns(() =>
        {
            isReleased.Wait();
            return ValueTask.CompletedTask;
        });

        // If handlers were called one after another on one thread, the last registered one would block first.
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var rig = Rig(alerts => alerts.Webhooks[1].Url = receiver.Url, services => services.AddSingleton(handler.Object));
        await FireAsync(rig, 1);
        var delivering = Task.Run(rig.TellAsync);
        await Eventually.IsTrueAsync(() => receiver.Requests.Count == 1 && rig.Delivered.Count == 1);
        Assert.That(delivering.IsCompleted, Is.False);
        isReleased.Set();
        await delivering;
    }

    [Test]
    public async Task Service_OneReceiverHangs_OthersGetWhatIsDueLater()
    {
        await using var hanging = await WebhookReceiver.StartAsync();
        await using var healthy = await WebhookReceiver.StartAsync();
        hanging.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var clock = new TimerClock();
        await using var rig = Rig(
            alerts => (alerts.Webhooks[0].Url, alerts.Webhooks[1].Url) = (hanging.Url, healthy.Url),
            services => services.AddSingleton<TimeProvider>(clock));
        var lifetime = Mock.Of<IHostApplicationLifetime>(mock => mock.ApplicationStarted == new CancellationToken(true));
        using var service = new AlertDeliveryService(rig.Services, lifetime, clock, NullLogger<AlertDeliveryService>.Instance);
        await service.StartAsync(default);
        var parts = rig.Services.GetRequiredService<AlertDispatcher>().Jobs.Count();
        await Eventually.IsTrueAsync(() => clock.Due.Count(due => due == Period) == parts);

        // Twice the interval is less than the timeout.
        for (var round = 1; round <= 2; round++)
        {
            await FireAsync(rig, 1, $"round{round}-");
            clock.Advance(Period);
            await Eventually.IsTrueAsync(() => healthy.Requests.Count == round && hanging.Requests.Count == 1);
        }

        await service.StopAsync(default);
    }

    private static AlertRig Rig(Action<ApiKeyAlertOptions>? options = null, Action<IServiceCollection>? services = null) => new(
        alerts =>
        {
            alerts.Default = new() { HighUsage = new() { Threshold = 1, Period = ApiKeyAlertPeriod.Daily } };
            if (options is not null)
            {
                alerts.Webhooks.Add(Webhook("first"));
                alerts.Webhooks.Add(Webhook("second"));
                options(alerts);
            }
        },
        services);

    private static ApiKeyWebhookOptions Webhook(string name)
    {
        var webhook = new ApiKeyWebhookOptions { Name = name, Url = "http://127.0.0.1:9/", UnsafeAllowHttp = true };
        webhook.Secrets.Add("whsec_" + Convert.ToBase64String(new byte[32]));
        webhook.UnsafeAllowNetworks.Add(IPNetwork.Parse("127.0.0.1/32"));
        return webhook;
    }

    private static async Task FireAsync(AlertRig rig, int count, string prefix = "key")
    {
        for (var index = 0; index < count; index++)
        {
            rig.Use(await rig.AddAsync($"{prefix}{index}"));
        }

        await rig.Services.GetRequiredService<UsageFlusher>().RunAsync(default);
        await rig.Services.GetRequiredService<AlertEvaluator>().RunAsync(default);
    }

    private static HashSet<string> Ids(WebhookReceiver receiver) => [.. receiver.Requests.Select(sent => sent.Headers["webhook-id"])];

    /// <summary>Represents a handler that ignores its token.</summary>
    private sealed class HangingHandler : IApiKeyAlertHandler
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public void Release() => _released.SetResult();

        public async ValueTask HandleAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            await _released.Task;
        }
    }
}
