using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

/// <summary>Branches of the pipeline that call <c>UseApiKeyAuth()</c> themselves.</summary>
public sealed class BranchTests
{
    [Test]
    public async Task Branch_WithRoutingOfItsOwn_IsLimited()
    {
        await using var app = await TestApp.StartAsync(MapBranch);
        var secret = await LimitedApp.IssueAsync(app, "2/hour");
        Assert.That(await LimitedApp.StatusAsync(app, "/branch/x", null), Is.EqualTo(401));
        using var first = await app.GetAsync("/branch/x", secret);
        LimitedApp.AssertHeaders(first, 2, 1);
        Assert.That(await LimitedApp.StatusAsync(app, "/branch/x", secret), Is.EqualTo(200));
        using var rejected = await app.GetAsync("/branch/x", secret);
        await rejected.AssertRefusedAsync(429, "rate_limit_exceeded");
    }

    [Test]
    public async Task Request_ThroughABranchAndTheApp_IsChargedOnce()
    {
        await using var app = await LimitedApp.StartAsync(before: web => web.UseWhen(_ => true, branch => branch.UseApiKeyAuth()));
        var secret = await LimitedApp.IssueAsync(app, "7/hour");
        foreach (var (path, remaining) in new[] { ("/", 6), ("/", 5), ("/costs5", 0) })
        {
            using var answer = await app.GetAsync(path, secret);
            LimitedApp.AssertHeaders(answer, 7, remaining);
        }

        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(429));
    }

    [Test]
    public async Task RejectedRequest_ThroughABranchAndTheApp_IsChargedOnce()
    {
        await using var app = await LimitedApp.StartAsync(
            limiting => limiting.ChargeRejectedRequests = true, before: web => web.UseWhen(_ => true, branch => branch.UseApiKeyAuth()));
        var secret = await LimitedApp.IssueAsync(app, "9/hour");
        Assert.That(await LimitedApp.StatusAsync(app, "/write", secret), Is.EqualTo(403));
        using var answer = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(answer, 9, 7);
    }

    [Test]
    public async Task FailedKey_ThroughABranchAndTheApp_IsCountedOnce()
    {
        await using var app = await LimitedApp.StartAsync(
            limiting => limiting.FailedAuthentications = new(2, TimeSpan.FromMinutes(1)),
            before: web => web.UseWhen(_ => true, branch => branch.UseApiKeyAuth()));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(429));
    }

    // The app's own limiter sees no endpoint there, and the fallback policy limits what has none.
    [Test]
    public async Task Branch_UnderAFallbackPolicy_IsChargedOnce()
    {
        await using var app = await TestApp.StartAsync(
            MapBranch,
            services: services => services.AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()));
        var secret = await LimitedApp.IssueAsync(app, "6/hour");
        using var first = await app.GetAsync("/branch/x", secret);
        LimitedApp.AssertHeaders(first, 6, 5);
        using var dear = await app.GetAsync("/branch/costs5", secret);
        LimitedApp.AssertHeaders(dear, 6, 0);
        Assert.That((int)dear.StatusCode, Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/branch/x", secret), Is.EqualTo(429));
    }

    private static void MapBranch(WebApplication web) =>
        web.Map("/branch", branch => branch.UseRouting().UseApiKeyAuth().UseEndpoints(endpoints =>
    {
        endpoints.MapGet("/x", () => "in").RequireAuthorization();
        endpoints.MapGet("/costs5", () => "in").RequireAuthorization().WithRequestCost(5);
    }));
}
