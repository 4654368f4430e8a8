using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Usage;

/// <summary>Each request with the secret of a known key is counted once, by its result.</summary>
public sealed class OutcomeTests
{
    [TestCase("/any", "success")]
    [TestCase("/gone", "client_error")]
    [TestCase("/broken", "server_error")]
    [TestCase("/throws", "server_error")]
    [TestCase("/open", "success")]
    [TestCase("/open-broken", "server_error")]
    [TestCase("/a", "insufficient_scope")]
    [TestCase("/staff", "forbidden")]
    [TestCase("/api-keys/none", "not_found")]
    public async Task Request_WithAKey_IsCountedOnceByItsAnswer(string path, string outcome)
    {
        await using var app = await StartAsync();
        var secret = await app.App.IssueAsync(key => key with { Scopes = TestApp.Scopes("keys:read") });
        await app.UseAsync(secret, path);
        Assert.That(await app.OutcomesAsync(), Is.EqualTo(new Dictionary<string, long> { [outcome] = 1 }));
        Assert.That(
            ((await app.KeyAsync()).UsageCount, (await app.KeyAsync()).LastUsedAt),
            Is.EqualTo((1L, (DateTimeOffset?)app.App.Clock.GetUtcNow())));
    }

    [TestCase("/refused", "client_error")]
    [TestCase("/refused?outcome=insufficient_scope", "insufficient_scope")]
    [TestCase("/refused?late=true", "client_error")]
    [TestCase("/late", "success")]
    [TestCase("/refused?outcome=success", "server_error")]
    [TestCase("/refused?outcome=anything", "server_error")]
    public async Task Request_RecordedAsFailed_IsCountedAsThat(string path, string outcome)
    {
        await using var app = await StartAsync();
        await app.UseAsync(await app.App.IssueAsync(), path);
        Assert.That(await app.OutcomesAsync(), Is.EqualTo(new Dictionary<string, long> { [outcome] = 1 }));
    }

    [Test]
    public async Task Request_ThatTakesLong_IsAUseOfWhenItCame()
    {
        await using var app = await StartAsync();
        var secret = await app.App.IssueAsync();
        var came = app.App.Clock.GetUtcNow();
        await app.UseAsync(secret, "/slow");
        await app.FlushAsync();
        Assert.That(app.App.Clock.GetUtcNow(), Is.GreaterThan(came.AddHours(1)));
        Assert.That((await app.KeyAsync()).LastUsedAt, Is.EqualTo(came));
        Assert.That((await app.HistoryAsync()).Periods.Single().Start, Is.LessThanOrEqualTo(came));
    }

    [Test]
    public async Task Request_KeyRejected_IsCountedByTheReason()
    {
        await using var app = await StartAsync();
        var now = app.App.Clock.GetUtcNow();
        (string Code, Func<ApiKey, ApiKey> With)[] cases =
        [
            ("expired_api_key", key => key with { ExpiresAt = new ApiKeyExpiry(now) }),
            ("invalid_api_key", key => key with { RevokedAt = now }),
            ("invalid_api_key", key => key with { Enabled = false }),
            ("ip_not_allowed", key => key with { Networks = [IPNetwork.Parse("203.0.113.0/24")] }),
            ("wrong_audience", key => key with { Audiences = ["other"] }),
        ];
        foreach (var (index, (code, with)) in cases.Index())
        {
            var secret = await app.App.IssueAsync(with);
            await app.UseAsync(secret, "/any");
            await app.UseAsync(secret, "/open");
            Assert.That(
                await app.OutcomesAsync($"key{index + 1}"),
                Is.EqualTo(new Dictionary<string, long> { [code] = 2 }),
                "also where the request was answered all the same");
        }
    }

    [Test]
    public async Task Request_OverItsLimit_IsCountedAsSuch()
    {
        await using var app = await StartAsync();
        var secret = await app.App.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("1/minute") });
        await app.UseAsync(secret, "/any");
        await app.UseAsync(secret, "/any");
        Assert.That(
            await app.OutcomesAsync(), Is.EquivalentTo(new Dictionary<string, long> { ["success"] = 1, ["rate_limit_exceeded"] = 1 }));
    }

    [Test]
    public async Task Request_UnknownMalformedOrNoKey_CountsNowhere()
    {
        await using var app = await StartAsync();
        await app.App.IssueAsync();
        foreach (var secret in new[] { app.App.NewSecret(), "malformed", "" })
        {
            await app.UseAsync(secret, "/any");
        }

        Assert.That(await app.OutcomesAsync(), Is.Empty);
    }

    [Test]
    public async Task Request_RunAgainByAnExceptionHandler_IsCountedOnceByTheFinalStatus()
    {
        await using var app = await StartAsync(web => web.UseExceptionHandler("/failed"));
        var secret = await app.App.IssueAsync();
        Assert.That(await app.UseAsync(secret, "/throws"), Is.EqualTo(503));
        Assert.That(await app.OutcomesAsync(), Is.EqualTo(new Dictionary<string, long> { ["server_error"] = 1 }));
    }

    [Test]
    public async Task Verify_OfAKey_CountsAsAUseOfIt()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin, """{"name":"n","rateLimits":["1/hour"]}""");
        for (var cost = 0; cost < 3; cost++)
        {
            await app.PostAsync("/api-keys/verify", admin, $$"""{"key":"{{secret}}","cost":{{cost}}}""");
        }

        await app.PatchAsync($"/api-keys/{id}", admin, """{"enabled":false}""");
        await app.PostAsync("/api-keys/verify", admin, $$"""{"key":"{{secret}}"}""");
        Assert.That(
            await app.OutcomesAsync(id),
            Is.EquivalentTo(new Dictionary<string, long> { ["success"] = 2, ["rate_limit_exceeded"] = 1, ["invalid_api_key"] = 1 }));
    }

    [Test]
    public async Task Request_WhileCountingIsOff_IsNotCounted()
    {
        await using var app = await ManagedApp.StartAsync(options => options.Usage.Enabled = false);
        await app.UseAsync(await app.App.IssueAsync(), "/any");
        Assert.That(await app.OutcomesAsync(), Is.Empty);
    }

    [Test]
    public async Task Stream_ThatHasBegun_IsCountedBeforeItEnds()
    {
        var end = new TaskCompletionSource();
        await using var app = await ManagedApp.StartAsync(endpoints: web => web.MapGet("/stream", async (HttpContext context) =>
        {
            await context.Response.Body.FlushAsync();
            await end.Task;
        }).RequireAuthorization());
        var secret = await app.App.IssueAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stream") { Headers = { { "X-API-Key", secret } } };
        using var answer = await app.App.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(await app.OutcomesAsync(), Is.EqualTo(new Dictionary<string, long> { ["success"] = 1 }));
        end.SetResult();
        await answer.Content.ReadAsStringAsync();
        Assert.That(await app.OutcomesAsync(), Is.EqualTo(new Dictionary<string, long> { ["success"] = 1 }));
    }

    private static Task<ManagedApp> StartAsync(Action<WebApplication>? before = null) => ManagedApp.StartAsync(
        before: before,
        endpoints: web =>
        {
            web.MapGet("/gone", () => Results.NotFound()).RequireAuthorization();
            web.MapGet("/broken", () => Results.StatusCode(500)).RequireAuthorization();
            web.MapGet("/throws", string () => throw new InvalidOperationException("hunter2")).RequireAuthorization();
            web.MapGet("/refused", async (HttpContext context, string? outcome, bool? late) =>
            {
                if (late == true)
                {
                    context.CountUsageWhenCompleted();
                    await context.Response.StartAsync();
                }

                context.RecordFailure(outcome ?? "client_error");
            }).RequireAuthorization();
            web.MapGet("/late", async (HttpContext context) =>
            {
                context.CountUsageWhenCompleted();
                await context.Response.WriteAsync("in");
            }).RequireAuthorization();
            web.MapGet("/open", () => "in");
            web.MapGet("/open-broken", () => Results.StatusCode(502));
            web.MapGet("/staff", () => "in").RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireRole("staff"));
            web.MapGet("/slow", (TimeProvider clock) => ((FakeTimeProvider)clock).Advance(TimeSpan.FromMinutes(90))).RequireAuthorization();
            web.Map("/failed", () => Results.StatusCode(503));
        });
}
