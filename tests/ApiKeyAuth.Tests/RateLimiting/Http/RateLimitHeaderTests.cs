using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

public sealed class RateLimitHeaderTests
{
    private static readonly long Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Test]
    public async Task Headers_AdmittedAndRejected_CountDown()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "3/minute");
        foreach (var remaining in new[] { 2, 1, 0 })
        {
            using var admitted = await app.GetAsync("/", secret);
            Assert.That(admitted.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            LimitedApp.AssertHeaders(admitted, 3, remaining, Start + 60);
            Assert.That(admitted.Lines("Retry-After"), Is.Empty);
        }

        using var rejected = await app.GetAsync("/", secret);
        await rejected.AssertRefusedAsync(429, "rate_limit_exceeded");
        LimitedApp.AssertHeaders(rejected, 3, 0, Start + 60);
        Assert.That(rejected.Number("Retry-After"), Is.EqualTo(60));
    }

    [TestCase(0, 60, 60)]
    [TestCase(1, 61, 60)]
    [TestCase(9_999_999, 61, 60)]
    [TestCase(10_000_000, 61, 60)]
    [TestCase(10_000_001, 62, 60)]
    public async Task Reset_BetweenSeconds_IsRoundedUp(long ticks, long reset, long wait)
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "1/minute");
        app.Clock.Advance(TimeSpan.FromTicks(ticks));
        using var admitted = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(admitted, 1, 0, Start + reset);
        using var rejected = await app.GetAsync("/", secret);
        Assert.That(rejected.Number("Retry-After"), Is.EqualTo(wait));
    }

    [Test]
    public async Task Headers_OfSeveralWindows_AreOfTheFewestRemaining()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "5/minute;8/hour");
        for (var i = 0; i < 4; i++)
        {
            using var early = await app.GetAsync("/", secret);
            LimitedApp.AssertHeaders(early, 5, 4 - i, Start + 60);
        }

        app.Clock.Advance(TimeSpan.FromSeconds(60));
        using var late = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(late, 8, 3, Start + 3660);
    }

    [Test]
    public async Task Headers_OfWindowsWithEquallyMany_AreOfTheLonger()
    {
        await using var app = await LimitedApp.StartAsync();
        using var answer = await app.GetAsync("/", await LimitedApp.IssueAsync(app, "5/hour;5/day;5/minute"));
        LimitedApp.AssertHeaders(answer, 5, 4, Start + 86_400);
    }

    [Test]
    public async Task RetryAfter_OfSeveralWindows_IsTheLongestAndSuffices()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "1/second;2/minute");
        using var first = await app.GetAsync("/", secret);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        using var second = await app.GetAsync("/", secret);
        using var rejected = await app.GetAsync("/", secret);
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(rejected.Number("Retry-After"), Is.EqualTo(59));
        await LimitedApp.AssertWaitSufficesAsync(app, "/", secret);
    }

    [TestCase("1/second", 3)]
    [TestCase("7/minute", 11)]
    [TestCase("100/minute", 130)]
    [TestCase("3/2 seconds;5/minute", 9)]
    public async Task RetryAfter_AtOddMoments_Suffices(string limits, int requests)
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, limits);
        for (var i = 0; i < requests; i++)
        {
            using var answer = await app.GetAsync("/", secret);
            app.Clock.Advance(TimeSpan.FromTicks(1_234_567));
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                await LimitedApp.AssertWaitSufficesAsync(app, "/", secret);
            }
        }
    }

    [Test]
    public async Task Headers_StyleNone_LeavesOnlyRetryAfter()
    {
        await using var app = await LimitedApp.StartAsync(options => options.Headers = RateLimitHeaderStyle.None);
        var secret = await LimitedApp.IssueAsync(app, "1/minute");
        using var admitted = await app.GetAsync("/", secret);
        using var rejected = await app.GetAsync("/", secret);
        Assert.That(
            new[] { admitted, rejected }
                .SelectMany(a => a.Headers)
                .Where(h => h.Key.Contains("RateLimit", StringComparison.OrdinalIgnoreCase)),
            Is.Empty);
        Assert.That(rejected.Number("Retry-After"), Is.EqualTo(60));
    }

    [TestCase("100/minute", 1)]
    [TestCase("2/hour;1/minute", 3)]
    [TestCase("4000000000/366 days", 1)]
    public async Task IetfHeaders_AnyAnswer_AreStructuredFields(string limits, int requests)
    {
        await using var app = await LimitedApp.StartAsync(options =>
        {
            options.Headers = RateLimitHeaderStyle.Both;
            options.PerTenant = RateLimit.ParseList("50/week");
        });
        var secret = await LimitedApp.IssueAsync(app, limits, key => key with { TenantId = "acme" });
        for (var i = 0; i < requests; i++)
        {
            using var answer = await app.GetAsync("/", secret);
            var policies = StructuredFields.ParseListOfStrings(answer.Line("RateLimit-Policy")!);
            var state = StructuredFields.ParseListOfStrings(answer.Line("RateLimit")!).Single();
            var policy = policies.Single(policy => policy.Value == state.Value);
            Assert.That(policies, Has.Count.EqualTo(limits.Split(';').Length + 1));
            Assert.That(policies.Select(p => p.Value), Is.Unique.And.Contains("tenant 50/week"));
            Assert.That(policies.Select(p => p.Parameters.Keys), Is.All.EqualTo(new[] { "q", "w" }));
            Assert.That(state.Parameters.Keys, Is.EqualTo(new[] { "r", "t" }));
            Assert.That(state.Parameters["r"], Is.EqualTo(answer.Number("X-RateLimit-Remaining")));
            Assert.That(policy.Parameters["q"], Is.EqualTo(answer.Number("X-RateLimit-Limit")));
            Assert.That(state.Parameters["t"], Is.InRange(1, policy.Parameters["w"]));
        }
    }

    [Test]
    public async Task Headers_OfAKeyWithoutLimits_AreAbsent()
    {
        await using var app = await LimitedApp.StartAsync();
        using var answer = await app.GetAsync("/", await app.IssueAsync());
        Assert.That(answer.Headers.Where(h => h.Key.Contains("RateLimit", StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }
}
