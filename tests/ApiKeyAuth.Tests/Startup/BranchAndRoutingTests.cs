using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Tests where <c>UseApiKeyAuth()</c> may be called: before or after routing, and in branches.</summary>
public sealed class BranchAndRoutingTests
{
    private const string RoutingAfter =
        "UseRouting() is called after UseApiKeyAuth(), which therefore never has an endpoint; call it before, or remove it.";

    private const string CalledTwice = "UseApiKeyAuth() is called twice in one pipeline; remove one call.";

    [Test]
    public async Task UseRouting_AfterUseApiKeyAuth_FailsAtStart()
    {
        var start = await RunAsync(app =>
        {
            app.UseApiKeyAuth().UseRouting();
            app.MapGet("/", () => "in").RequireAuthorization();
        });
        Assert.That(start.Problems, Is.EqualTo(new[] { RoutingAfter }));
    }

    [Test]
    public async Task UseRouting_AfterUseApiKeyAuthInAGenericHost_FailsAtStart()
    {
        var start = await StartUp.RunGenericAsync(services => services.AddRouting().AddApiKeyAuth().AddInMemoryStore(), app => app
            .UseApiKeyAuth().UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/", () => "in").RequireAuthorization()));
        Assert.That(start.Problems, Is.EqualTo(new[] { RoutingAfter }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task UseRouting_BeforeUseApiKeyAuthOrNotAtAll_Starts(bool isCalled)
    {
        var start = await RunAsync(app =>
        {
            _ = isCalled ? app.UseRouting().UseApiKeyAuth() : app.UseApiKeyAuth();
            app.MapGet("/", () => "in").RequireAuthorization();
        });
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.Empty);
    }

    [Test]
    public async Task UseApiKeyAuth_InBranchesAndInTheApp_Starts()
    {
        var start = await RunAsync(app =>
        {
            app.UseWhen(_ => true, branch => branch.UseApiKeyAuth());
            app.UseApiKeyAuth();
            app.Map("/branch", branch => branch.UseRouting().UseApiKeyAuth()
                .UseEndpoints(endpoints => endpoints.MapGet("/", () => "in").RequireAuthorization()));
            app.MapGet("/", () => "in").RequireAuthorization();
        });
        Assert.That(start.Error, Is.Null);
    }

    [Test]
    public async Task UseApiKeyAuth_TwiceInABranch_Throws()
    {
        var start = await RunAsync(app =>
        {
            app.UseApiKeyAuth();
            app.Map("/branch", branch => branch.UseApiKeyAuth().UseApiKeyAuth());
        });
        Assert.That(start.Error, Is.TypeOf<InvalidOperationException>().With.Message.EqualTo(CalledTwice));
    }

    [Test]
    public async Task UseApiKeyAuth_TwiceAroundABranch_Throws()
    {
        var start = await RunAsync(app =>
        {
            app.UseApiKeyAuth();
            app.Map("/branch", branch => branch.UseApiKeyAuth());
            app.UseApiKeyAuth();
        });
        Assert.That(start.Error, Is.TypeOf<InvalidOperationException>().With.Message.EqualTo(CalledTwice));
    }

    [Test]
    public async Task UseRouting_AfterUseApiKeyAuthWithABranch_FailsAtStart()
    {
        var start = await RunAsync(app =>
        {
            app.UseApiKeyAuth();
            app.Map("/branch", branch => branch.UseRouting().UseApiKeyAuth().UseEndpoints(_ => { }));
            app.UseRouting();
            app.MapGet("/", () => "in").RequireAuthorization();
        });
        Assert.That(start.Problems, Is.EqualTo(new[] { RoutingAfter }));
    }

    private static Task<StartUp> RunAsync(Action<WebApplication> pipeline) =>
        StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth().AddInMemoryStore(), pipeline);
}
