using System.Net;
using ApiKeyAuth.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests what the alerts page says about webhooks and their deliveries.</summary>
public sealed class DashboardWebhookTests
{
    private const string Secret = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";

    [Test]
    public async Task Test_OfAWebhook_ShowsTheOutcomeAndTheDeliveryWithoutItsSecret()
    {
        var status = 500;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var receiver = builder.Build();
        receiver.Run(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        await receiver.StartAsync();
        var url = new Uri(receiver.Urls.First() + "/hook-with-a-password");
        await using var app = await StartAsync(url, "acme");
        using var client = await app.SignInAsync();
        var page = $"{DashboardApp.Path}/alerts";
        var before = await client.GetStringAsync(page);
        using var failed = await DashboardApp.PostAsync(client, page, $"{page}/test", ("webhook", "ops"));
        var failedHtml = WebUtility.HtmlDecode(await client.GetStringAsync(failed.Headers.Location));
        Volatile.Write(ref status, 204);
        using var delivered = await DashboardApp.PostAsync(client, page, $"{page}/test", ("webhook", "ops"));
        var deliveredHtml = WebUtility.HtmlDecode(await client.GetStringAsync(delivered.Headers.Location));
        using var unknown = await DashboardApp.PostAsync(client, page, $"{page}/test", ("webhook", "missing"));

        Assert.That(before, Does.Contain("Nothing was sent in the last 7 days.").And.Contain("Send a test").And.Contain(url.Authority));
        Assert.That(failed.Headers.Location!.OriginalString, Is.EqualTo($"{page}?notice=test-status&count=500"));
        Assert.That(failedHtml, Does.Contain("The test was not delivered: the receiver responded with 500.").And.Contain("Not delivered"));
        Assert.That(deliveredHtml, Does.Contain("The test was delivered.").And.Contain("1 attempt").And.Contain(">Delivered<"));
        Assert.That(before + failedHtml + deliveredHtml, Does.Not.Contain(Secret).And.Not.Contain("hook-with-a-password"));
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await client.GetAsync($"{page}/test")).Headers.Location!.OriginalString, Is.EqualTo(page));
    }

    [Test]
    public async Task Test_OfAWebhookForAllTenants_IsNotOfferedAndRefused()
    {
        await using var app = await StartAsync(new Uri("http://127.0.0.1:9/"), tenantId: null);
        using var client = await app.SignInAsync();
        var page = $"{DashboardApp.Path}/alerts";
        using var sent = await DashboardApp.PostAsync(client, page, $"{page}/test", ("webhook", "ops"));

        Assert.That(await client.GetStringAsync(page), Does.Contain("ops").And.Not.Contain("Send a test"));
        Assert.That(sent.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Test_OfAWebhookThatCannotBeReached_SaysSo()
    {
        await using var app = await StartAsync(new Uri($"http://127.0.0.1:{FreePort.Find()}/"), "acme");
        using var client = await app.SignInAsync();
        var page = $"{DashboardApp.Path}/alerts";
        using var sent = await DashboardApp.PostAsync(client, page, $"{page}/test", ("webhook", "ops"));

        Assert.That(
            WebUtility.HtmlDecode(await client.GetStringAsync(sent.Headers.Location)),
            Does.Contain("The test was not delivered: the receiver could not be reached.")
                .And.Contain("The receiver could not be reached (SocketException)."));
    }

    private static Task<DashboardApp> StartAsync(Uri url, string? tenantId) => DashboardApp.StartAsync(keys =>
    {
        keys.AddInMemoryStore();
        keys.Services.Configure<ApiKeyAlertOptions>(options =>
        {
            var webhook = new ApiKeyWebhookOptions
            {
                Name = "ops",
                Url = url.OriginalString,
                TenantId = tenantId,
                UnsafeAllowHttp = true,
            };
            webhook.Secrets.Add(Secret);
            webhook.UnsafeAllowNetworks.Add(IPNetwork.Parse("127.0.0.1/32"));
            options.Webhooks.Add(webhook);
        });
    });
}
