using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

/// <summary>An app whose endpoints differ in what they cost and need.</summary>
internal static class LimitedApp
{
    public static Task<TestApp> StartAsync(
        Action<ApiKeyRateLimitOptions>? limiting = null,
        Action<ApiKeyAuthOptions>? options = null,
        Action<WebApplication>? before = null) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/", () => "in").RequireAuthorization();
            web.MapGet("/open", () => "open");
            web.MapGet("/free", () => "in").RequireAuthorization().WithRequestCost(0);
            web.MapGet("/costs5", () => "in").RequireAuthorization().WithRequestCost(5);
            web.MapGet("/exempt", () => "in").RequireAuthorization().WithoutRateLimit();
            web.MapGet("/write", () => "in").RequireScope("write");
            web.MapGet("/forbids", () => Results.Forbid()).RequireAuthorization();
        },
        all =>
        {
            options?.Invoke(all);
            limiting?.Invoke(all.RateLimiting);
        },
        before: before);

    public static Task<string> IssueAsync(TestApp app, string limits, Func<ApiKey, ApiKey>? with = null) =>
        app.IssueAsync(key => (with ?? (same => same))(key) with { RateLimits = RateLimit.ParseList(limits) });

    public static void AssertHeaders(HttpResponseMessage answer, long limit, long remaining, long? reset = null)
    {
        Assert.That(answer.Number("X-RateLimit-Limit"), Is.EqualTo(limit));
        Assert.That(answer.Number("X-RateLimit-Remaining"), Is.EqualTo(remaining));
        Assert.That(answer.Number("X-RateLimit-Reset"), reset is null ? Is.Positive : Is.EqualTo(reset));
    }

    /// <summary>Asserts that a request is rejected, and admitted after waiting for <c>Retry-After</c>.</summary>
    public static async Task AssertWaitSufficesAsync(TestApp app, string path, string secret)
    {
        using var refused = await app.GetAsync(path, secret);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        app.Clock.Advance(TimeSpan.FromSeconds(refused.Number("Retry-After")!.Value));
        using var admitted = await app.GetAsync(path, secret);
        Assert.That(admitted.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    public static async Task<int> StatusAsync(TestApp app, string path, string? secret)
    {
        using var answer = await app.GetAsync(path, secret);
        return (int)answer.StatusCode;
    }
}
