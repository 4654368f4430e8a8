using System.Net;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.History;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>Tests what the webhook service lists about deliveries, and the tests that it sends.</summary>
public sealed class WebhookHistoryTests
{
    private const string Secret = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";

    private static readonly ApiKeyCaller Acme = ApiKeyCaller.User("ada", "acme", ScopeSet.Create(["*"]));

    [Test]
    public async Task List_AfterAFailedAndASuccessfulAttempt_ShowsTheDeliveryWithBoth()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var rig = Rig(receiver);
        rig.Use(await rig.AddAsync(with: key => key with { TenantId = "acme" }));
        await rig.EvaluateAsync();
        var failed = await ReadAsync(rig, Acme);
        receiver.Answer = static _ => Task.CompletedTask;
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await rig.TellAsync();
        var delivered = await ReadAsync(rig, Acme);

        Assert.That(
            (failed.Outcome, failed.Reason, failed.Attempts, failed.Kind, failed.KeyId),
            Is.EqualTo((ApiKeyAlertDeliveryOutcome.Rescheduled, "503", 1, ApiKeyAlertKinds.HighUsage, "key1")));
        Assert.That(failed.NextAttemptAt - failed.AttemptedAt, Is.InRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6)));
        Assert.That(
            (delivered.Outcome, delivered.Reason, delivered.Attempts, delivered.NextAttemptAt),
            Is.EqualTo((ApiKeyAlertDeliveryOutcome.Delivered, (string?)null, 2, (DateTimeOffset?)null)));
        Assert.That(delivered.AlertId, Is.EqualTo(failed.AlertId));
        var other = await Service(rig).ListAsync(ApiKeyCaller.User("eve", "other", ScopeSet.Create(["*"])));
        Assert.That(other.Value!.Single().Deliveries, Is.Empty, "The delivery is about a key of another tenant.");
    }

    [TestCase(200, ApiKeyAlertDeliveryOutcome.Delivered, null)]
    [TestCase(500, ApiKeyAlertDeliveryOutcome.Abandoned, "500")]
    [TestCase(410, ApiKeyAlertDeliveryOutcome.Gone, "410")]
    public async Task SendTest_AnyResponse_IsSentOnceSignedAndReported(int status, ApiKeyAlertDeliveryOutcome outcome, string? reason)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        await using var rig = Rig(receiver, "acme");
        var sent = (await Service(rig).SendTestAsync(Acme, "ops")).Value!;
        rig.Clock.Advance(TimeSpan.FromDays(1));
        await rig.TellAsync();
        var webhook = (await Service(rig).ListAsync(Acme)).Value!.Single();

        Assert.That((sent.Outcome, sent.Reason, sent.Attempts, sent.Kind), Is.EqualTo((outcome, reason, 1, "test")));
        Assert.That(webhook.Deliveries, Is.EqualTo(new[] { sent }));
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
        Assert.That(receiver.Requests[0].Body, Does.Contain("\"type\":\"api_key.test.firing\""));
        Assert.That(receiver.Requests[0].Headers["webhook-signature"], Does.StartWith("v1,"));
        Assert.That($"{webhook}{sent}", Does.Not.Contain(Secret[6..]).And.Not.Contain("/hook"));
    }

    [Test]
    public async Task SendTest_ToAReceiverThatHangs_EndsAfterTenSecondsAndRefusesASecondOneMeanwhile()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var isReleased = new TaskCompletionSource();
        receiver.Answer = context => isReleased.Task.WaitAsync(context.RequestAborted);
        await using var rig = Rig(receiver, "acme");
        var first = Service(rig).SendTestAsync(Acme, "ops");
        await Eventually.IsTrueAsync(() => receiver.Requests.Count == 1);
        var second = await Service(rig).SendTestAsync(Acme, "ops");
        rig.Clock.Advance(TimeSpan.FromSeconds(9));
        var isWaiting = !first.IsCompleted;
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await first).Value!.Reason, Is.EqualTo("timeout"));
        Assert.That(isWaiting);
        Assert.That(second.Error!.Code, Is.EqualTo(ApiKeyErrorCodes.Conflict));
        isReleased.SetResult();
    }

    [Test]
    public async Task SendTest_ByACallerWithoutTheRight_IsRefused()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var shared = Rig(receiver);
        await using var foreign = Rig(receiver, "other");

        Assert.That((await Service(shared).SendTestAsync(Acme, "ops")).Error!.Code, Is.EqualTo(ApiKeyErrorCodes.Forbidden));
        Assert.That((await Service(foreign).SendTestAsync(Acme, "ops")).Error!.Code, Is.EqualTo(ApiKeyErrorCodes.NotFound));
        Assert.That(
            (await Service(shared).SendTestAsync(Acme.ToOwnKeysOnly(), "ops")).Error!.Code, Is.EqualTo(ApiKeyErrorCodes.NotFound));
        Assert.That((await Service(shared).ListAsync(Acme)).Value!.Single().CanTest, Is.False);
        Assert.That((await Service(foreign).ListAsync(Acme)).Value, Is.Empty);
        Assert.That((await Service(shared).SendTestAsync(ApiKeyCaller.System, "ops")).Succeeded);
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    private static AlertRig Rig(WebhookReceiver receiver, string? tenantId = null) => new(alerts =>
    {
        alerts.Default = new() { HighUsage = new() { Threshold = 1, Period = ApiKeyAlertPeriod.Daily } };
        var webhook = new ApiKeyWebhookOptions { Name = "ops", Url = receiver.Url, UnsafeAllowHttp = true, TenantId = tenantId };
        webhook.Secrets.Add(Secret);
        webhook.UnsafeAllowNetworks.Add(IPNetwork.Parse("127.0.0.1/32"));
        alerts.Webhooks.Add(webhook);
    });

    private static ApiKeyWebhookService Service(AlertRig rig) =>
        rig.Services.CreateScope().ServiceProvider.GetRequiredService<ApiKeyWebhookService>();

    private static async Task<ApiKeyAlertDeliveryRecord> ReadAsync(AlertRig rig, ApiKeyCaller caller) =>
        (await Service(rig).ListAsync(caller)).Value!.Single().Deliveries!.Single();
}
