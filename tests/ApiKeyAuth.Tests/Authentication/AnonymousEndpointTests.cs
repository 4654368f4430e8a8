using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class AnonymousEndpointTests
{
    [TestCase("/open", "key_test_nonsense", null)]
    [TestCase("/allowed", "key_test_nonsense", null)]
    [TestCase("/open", null, "key_test_nonsense")]
    [TestCase("/open", null, "eyJhbGciOiJub25lIn0.e30.")]
    [TestCase("/open", "key_test_nonsense", "key_test_nonsense")]
    [TestCase("/allowed", "key_test_nonsense", "key_test_nonsense")]
    public async Task Open_BadOrAmbiguousKey_AnswersAnonymously(string path, string? key, string? bearer)
    {
        await using var app = await TestApp.StartAsync(Map);
        using var answer = await app.GetAsync(path, key, bearer);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.BodyAsync(), Is.EqualTo("False"));
    }

    [Test]
    public async Task Open_UnknownDisabledExpiredOrForeignKey_AnswersAnonymously()
    {
        await using var app = await TestApp.StartAsync(Map);
        string[] secrets =
        [
            app.NewSecret(),
            await app.IssueAsync(key => key with { Enabled = false }),
            await app.IssueAsync(key => key with { ExpiresAt = new ApiKeyExpiry(app.Clock.GetUtcNow()) }),
            await app.IssueAsync(key => key with { Networks = [IPNetwork.Parse("203.0.113.0/24")] }),
            await app.IssueAsync(key => key with { Audiences = ["elsewhere"] }),
        ];
        foreach (var secret in secrets)
        {
            using var answer = await app.GetAsync("/open", secret);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await answer.BodyAsync(), Is.EqualTo("False"));
        }
    }

    [Test]
    public async Task Open_ValidKey_AnswersTheKey()
    {
        await using var app = await TestApp.StartAsync(Map);
        using var answer = await app.GetAsync("/open", await app.IssueAsync());
        Assert.That(await answer.BodyAsync(), Is.EqualTo("True"));
    }

    [TestCase("/open")]
    [TestCase("/allowed")]
    public async Task Open_StoreDown_AnswersAnonymously(string path)
    {
        var store = new Mock<IApiKeyStore>(MockBehavior.Strict);
        store.Setup(s => s.FindAsync(It.IsAny<IReadOnlyList<ApiKeyHash>>(), It.IsAny<CancellationToken>())).Throws(new IOException("down"));
        await using var app = await TestApp.StartAsync(Map, store: store.Object);
        using var answer = await app.GetAsync(path, app.NewSecret());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.BodyAsync(), Is.EqualTo("False"));
        store.VerifyAll();
    }

    [TestCase("/open")]
    [TestCase("/allowed")]
    public async Task Open_KeyOverItsLimit_AnswersWithoutCharging(string path)
    {
        await using var app = await TestApp.StartAsync(Map);
        var secret = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("1/hour") });
        using var first = await app.GetAsync("/closed", secret);
        using var second = await app.GetAsync("/closed", secret);
        using var open = await app.GetAsync(path, secret);
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await second.AssertRefusedAsync(429, "rate_limit_exceeded");
        Assert.That(open.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(open.Lines("X-RateLimit-Limit"), Is.Empty);
    }

    [Test]
    public async Task Open_AfterTooManyFailures_StillAnswers()
    {
        await using var app = await TestApp.StartAsync(
            Map, options => options.RateLimiting.FailedAuthentications = new RateLimit(1, TimeSpan.FromHours(1)));
        for (var i = 0; i < 3; i++)
        {
            using var answer = await app.GetAsync("/open", "key_test_nonsense");
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [TestCase("/group/open")]
    [TestCase("/allowed")]
    public async Task AllowAnonymous_InsideFallbackPolicyOrGroup_NeverRefuses(string path)
    {
        await using var app = await TestApp.StartAsync(Map, services: services => services.AddAuthorization(options =>
            options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()));
        using var open = await app.GetAsync(path, "key_test_nonsense");
        using var fallback = await app.GetAsync("/open", "key_test_nonsense");
        Assert.That(open.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await fallback.AssertRefusedAsync(401, "invalid_api_key");
    }

    private static void Map(WebApplication web)
    {
        var isAuthenticated = (HttpContext context) => $"{context.User.Identity!.IsAuthenticated}";
        web.MapGet("/open", isAuthenticated);
        web.MapGet("/allowed", isAuthenticated).RequireAuthorization().AllowAnonymous();
        web.MapGet("/closed", isAuthenticated).RequireAuthorization();
        var group = web.MapGroup("/group").RequireScope("any");
        group.MapGet("/open", isAuthenticated).AllowAnonymous();
    }
}
