using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Delivery;
using ApiKeyAuth.Alerts.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>Requests to webhooks, and the effects of their responses.</summary>
[NonParallelizable] // It changes variables of the process.
public sealed class WebhookTests
{
    private static readonly byte[] Current = Encoding.ASCII.GetBytes("current-secret-of-32-bytes------");
    private static readonly byte[] Old = Encoding.ASCII.GetBytes("old-secret-of-24-bytes--");

    [Test]
    public async Task Request_IsSignedAsTheSpecificationSays()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var rig = Rig(receiver);
        await FireAsync(rig);

        var sent = receiver.Requests.Single();
        var (id, timestamp) = (sent.Headers["webhook-id"], sent.Headers["webhook-timestamp"]);
        Assert.That((sent.Method, sent.Path, sent.Headers["content-type"], id, timestamp), Is.EqualTo((
            "POST",
            "/hook",
            "application/json",
            rig.Delivered.Single().Id,
            AlertRig.Start.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))));
        Assert.That(sent.Headers["webhook-signature"], Is.EqualTo($"v1,{Sign(Current)} v1,{Sign(Old)}"));
        Assert.That(
            sent.Headers.Keys,
            Is.EquivalentTo(new[]
            {
                "host", "user-agent", "content-type", "content-length", "webhook-id", "webhook-timestamp", "webhook-signature",
            }));
        Assert.That(sent.Body, Is.EqualTo(
            $$"""{"type":"api_key.high_usage.firing","timestamp":"2026-03-02T00:00:00+00:00","data":{"id":"{{id}}","kind":"high_usage","state":"firing","at":"2026-03-02T00:00:00+00:00","message":"API key key1 has 1 requests since 2026-03-02 00:00 UTC; the daily threshold is 1.",""" + "\""
            + """keyId":"key1","keyName":"a name","tenantId":null,"details":{"count":"1","threshold":"1","period":"daily","since":"2026-03-02T00:00:00Z"}}}"""));

        string Sign(byte[] secret) => Convert.ToBase64String(
            HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{sent.Body}")));
    }

    [Test]
    public async Task Request_Repeated_HasTheSameIdAndBodyAndATimestampOfItsOwn()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = static context => AnswerAsync(context, 500);
        await using var rig = Rig(receiver);
        await FireAsync(rig);
        receiver.Answer = static _ => Task.CompletedTask;
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        await rig.TellAsync();

        Assert.That(receiver.Requests, Has.Count.EqualTo(2));
        var (first, second) = (receiver.Requests[0], receiver.Requests[1]);
        Assert.That((second.Headers["webhook-id"], second.Body), Is.EqualTo((first.Headers["webhook-id"], first.Body)));
        Assert.That(second.Headers["webhook-timestamp"], Is.Not.EqualTo(first.Headers["webhook-timestamp"]));
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        await rig.TellAsync();
        Assert.That(receiver.Requests, Has.Count.EqualTo(2), "it was notified");
    }

    [TestCase("90", 90)]
    [TestCase("Mon, 02 Mar 2026 02:00:00 GMT", 7200)]
    [TestCase("1", 5)]
    [TestCase("999999999", 30 * 3600)]
    [TestCase("Mon, 02 Mar 2020 02:00:00 GMT", 5)]
    [TestCase("hunter2", 5)]
    public async Task Answer_RetryAfter_IsHonouredWhereItIsLonger(string header, int seconds)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Headers.RetryAfter = header;
            return AnswerAsync(context, 503);
        };
        await using var rig = Rig(receiver);
        await FireAsync(rig);
        rig.Clock.Advance(TimeSpan.FromSeconds(seconds * 0.79));
        await rig.TellAsync();
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
        rig.Clock.Advance(TimeSpan.FromSeconds(seconds * 0.42));
        await rig.TellAsync();
        Assert.That(receiver.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Answer_Gone_ClosesTheWebhookAndNoOtherTarget()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = static context => AnswerAsync(context, 410);
        await using var rig = Rig(receiver);
        await FireAsync(rig);
        rig.Clock.Advance(TimeSpan.FromDays(3));
        await rig.EvaluateAsync();
        await rig.TellAsync();
        Assert.That((receiver.Requests.Count, rig.Delivered.Count), Is.EqualTo((1, 2)));
        Assert.That(rig.Logs.Entries.Single(entry => entry.EventId == 86).Text, Does.Contain("webhook:ops:"));
    }

    [Test]
    public async Task Answer_Redirect_IsNotFollowed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Headers.Location = context.Request.Path == "/hook" ? "/elsewhere" : null;
            return AnswerAsync(context, context.Request.Path == "/hook" ? 307 : 200);
        };
        await using var rig = Rig(receiver);
        await FireAsync(rig);
        Assert.That(receiver.Requests.Select(sent => sent.Path), Is.EqualTo(new[] { "/hook" }));
        Assert.That(Failure(rig), Does.Contain("(307, attempt 1)"));
    }

    [Test]
    public async Task Answer_WithoutEnd_IsNotRead()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = static async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[65_536]);
            }
        };
        await using var rig = Rig(receiver);
        await FireAsync(rig);
        Assert.That(receiver.Requests, Has.One.Items);
        Assert.That(rig.Logs.Entries.Where(entry => entry.EventId == 84), Is.Empty, "its status is 200, which is all that counts");
    }

    [Test]
    public async Task Answer_Never_IsGivenUpInTime()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var isReleased = new TaskCompletionSource();
        receiver.Answer = _ => isReleased.Task;
        await using var rig = Rig(receiver);
        var firing = FireAsync(rig);
        await Eventually.IsTrueAsync(() => receiver.Requests.Count == 1);
        rig.Clock.Advance(TimeSpan.FromSeconds(15));
        await firing;
        Assert.That(Failure(rig), Does.Contain("(timeout, attempt 1)"));
        isReleased.SetResult();
    }

    [Test]
    public async Task Response_Text_IsNotShown()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = static async context =>
        {
            context.Response.StatusCode = 500;
            context.Response.Headers["X-Reason"] = "hunter2";
            await context.Response.WriteAsync("hunter2");
        };
        await using var rig = Rig(receiver);
        await FireAsync(rig);
        Assert.That(
            rig.Logs.Entries.Select(entry => entry.Text),
            Is.Not.Empty.And.All.Not.Contain("hunter2").And.All.Not.Contain("whsec_").And.All.Not.Contain("/hook"));
    }

    [Test]
    public async Task Proxy_OfTheEnvironment_IsNotUsed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var proxy = await WebhookReceiver.StartAsync();
        foreach (var name in new[] { "http_proxy", "HTTP_PROXY", "all_proxy" })
        {
            Environment.SetEnvironmentVariable(name, new Uri(proxy.Url).GetLeftPart(UriPartial.Authority));
        }

        try
        {
            await using var rig = Rig(receiver);
            await FireAsync(rig);
            Assert.That((receiver.Requests.Count, proxy.Requests.Count), Is.EqualTo((1, 0)));
        }
        finally
        {
            foreach (var name in new[] { "http_proxy", "HTTP_PROXY", "all_proxy" })
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }

    [TestCase("acme", "high_usage", 1)]
    [TestCase("other", "high_usage", 0)]
    [TestCase("acme", "failures", 0)]
    public async Task Webhook_OfATenantOrKind_ReceivesOnlyThose(string tenant, string kind, int requests)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var rig = Rig(receiver, webhook =>
        {
            webhook.TenantId = tenant;
            webhook.Kinds.Add(kind);
        });
        await FireAsync(rig, tenant: "acme");
        Assert.That((receiver.Requests.Count, rig.Delivered.Count), Is.EqualTo((requests, 1)));
    }

    [Test]
    public void Body_OfTheLongestNames_IsBelowTheMost()
    {
        var name = string.Concat(Enumerable.Repeat("🔑", 100));
        var alert = new ApiKeyAlert
        {
            Id = new string('i', 80),
            Kind = ApiKeyAlertKinds.RetiringSecretInUse,
            State = ApiKeyAlertState.Firing,
            At = AlertRig.Start,
            Message = $"API key {new string('ж', 200)} has a message that is long.",
            KeyId = new string('ж', 200),
            KeyName = name,
            TenantId = name,
        };
        Assert.That(
            JsonSerializer.SerializeToUtf8Bytes(new WebhookBody("t", AlertRig.Start, alert), AlertJsonContext.Default.WebhookBody),
            Has.Length.LessThan(WebhookSender.MaxBodyBytes));
    }

    private static AlertRig Rig(WebhookReceiver receiver, Action<ApiKeyWebhookOptions>? with = null) => new(
        alerts =>
        {
            alerts.Default = new() { HighUsage = new() { Threshold = 1, Period = ApiKeyAlertPeriod.Daily } };
            var webhook = new ApiKeyWebhookOptions { Name = "ops", Url = receiver.Url, UnsafeAllowHttp = true };
            webhook.Secrets.Add("whsec_" + Convert.ToBase64String(Current));
            webhook.Secrets.Add("whsec_" + Convert.ToBase64String(Old));
            webhook.UnsafeAllowNetworks.Add(IPNetwork.Parse("127.0.0.1/32"));
            with?.Invoke(webhook);
            alerts.Webhooks.Add(webhook);
        });

    private static async Task FireAsync(AlertRig rig, string? tenant = null)
    {
        rig.Use(await rig.AddAsync(with: key => key with { TenantId = tenant }));
        await rig.EvaluateAsync();
    }

    private static string Failure(AlertRig rig) => rig.Logs.Entries.Single(entry => entry.EventId == 84).Text;

    private static Task AnswerAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
