using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Tests.Usage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>A scope counts as used if it authorized a request or if the app records it, but not if it is only evaluated.</summary>
public sealed class ScopeUseTests
{
    [Test]
    public async Task Usage_EndpointRequiresTheScope_CountsItAtTheTimeOfTheRequest()
    {
        await using var app = await StartAsync(web => web.MapGet("/needs", (HttpContext context) =>
        {
            Clock(context).Advance(TimeSpan.FromHours(5));
            return "in";
        }).RequireScope("a:read", "b:read"));
        Assert.That(await UnusedAsync(app, "/needs"), Is.EqualTo("""["c:read"]"""));
        var used = (await app.HistoryAsync("used")).Scopes.Select(scope => scope.Value).Distinct();
        Assert.That(used, Is.EqualTo(new[] { new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }));

        static Microsoft.Extensions.Time.Testing.FakeTimeProvider Clock(HttpContext context) =>
            (Microsoft.Extensions.Time.Testing.FakeTimeProvider)context.RequestServices.GetRequiredService<TimeProvider>();
    }

    [Test]
    public async Task Usage_MethodOfAHub_CountsItsScopesOnlyIfItIsInvoked()
    {
        await using var app = await StartAsync(web => web.MapHub<CountedHub>("/hub"), services => services.AddSignalR());
        Assert.That(await UnusedAsync(app, async secret =>
        {
            await using var connection = new HubConnectionBuilder()
                .WithUrl(new Uri(app.App.Client.BaseAddress!, "/hub"), options => options.Headers["X-API-Key"] = secret).Build();
            await connection.StartAsync();
            Assert.That(await connection.InvokeAsync<string>(nameof(CountedHub.Open)), Is.Not.Empty);
            Assert.That(() => connection.InvokeAsync<string>(nameof(CountedHub.Closed)), Throws.TypeOf<HubException>());
        }), Is.EqualTo("""["b:read","c:read"]"""));
    }

    [TestCase("/evaluates")]
    [TestCase("/evaluates-request")]
    [TestCase("/needs-more")]
    [TestCase("/public-evaluates")]
    public async Task Usage_PolicyIsOnlyEvaluated_CountsNoScope(string path)
    {
        await using var app = await StartAsync(web =>
        {
            web.MapGet("/evaluates", async (HttpContext context, IAuthorizationService authorization) =>
                (await authorization.AuthorizeAsync(context.User, null, new ScopeRequirement(["a:read"]))).Succeeded)
                .RequireAuthorization();
            web.MapGet("/evaluates-request", Evaluate).RequireAuthorization();
            web.MapGet("/needs-more", () => "in").RequireScope("a:read").RequireAuthorization(policy => policy.RequireRole("missing"));
            web.MapGet("/public-evaluates", Evaluate);
        });
        Assert.That(await UnusedAsync(app, path), Is.EqualTo("""["a:read","b:read","c:read"]"""));

        static async Task<bool> Evaluate(HttpContext context, IAuthorizationService authorization) =>
            (await authorization.AuthorizeAsync(context.User, context, new ScopeRequirement(["a:read"]))).Succeeded;
    }

    [Test]
    public async Task Usage_RequestOverItsLimit_CountsNoScope()
    {
        await using var app = await StartAsync(web => web.MapGet("/costly", () => "in").RequireScope("a:read").WithRequestCost(1000));
        Assert.That(await UnusedAsync(app, "/costly", 429), Is.EqualTo("""["a:read","b:read","c:read"]"""));
    }

    [Test]
    public async Task Usage_MvcFilterRequiresTheScope_CountsIt()
    {
        await using var app = await StartAsync(
            web => web.MapControllers().RequireAuthorization(),
            services => services
                .AddControllers(mvc =>
                    mvc.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder().RequireScope("b:read").Build())))
                .AddApplicationPart(typeof(ScopeUseTests).Assembly));
        Assert.That(await UnusedAsync(app, "/filtered"), Is.EqualTo("""["a:read","c:read"]"""));
    }

    [Test]
    public async Task RecordScopeUse_ScopesOfTheKeyAndOthers_CountsThoseItHolds()
    {
        await using var app = await StartAsync(web =>
        {
            web.MapGet("/records", (HttpContext context) => context.RecordScopeUse("a:read", "unknown")).RequireAuthorization();
            web.MapGet("/anonymous", (HttpContext context) => context.RecordScopeUse("a:read"));
        });
        Assert.That(await UnusedAsync(app, "/records"), Is.EqualTo("""["b:read","c:read"]"""));
        Assert.That((await app.GetAsync("/anonymous", null)).Status, Is.EqualTo(200));
    }

    private static Task<ManagedApp> StartAsync(Action<WebApplication> endpoints, Action<IServiceCollection>? services = null) =>
        ManagedApp.StartAsync(services: services, endpoints: endpoints);

    /// <summary>Calls an endpoint and returns the scopes of the key that its usage then lists as unused.</summary>
    private static Task<string> UnusedAsync(ManagedApp app, string path, int? status = null) => UnusedAsync(app, async secret =>
    {
        var response = await app.GetAsync(path, secret);
        Assert.That(response.Status, Is.EqualTo(status ?? (path == "/needs-more" ? 403 : 200)), response.Body);
    });

    private static async Task<string> UnusedAsync(ManagedApp app, Func<string, Task> use)
    {
        var admin = await app.AdminAsync();
        var secret = await app.App.IssueAsync(key => key with
        {
            Id = "used",
            Scopes = TestApp.Scopes("a:read", "b:read", "c:read"),
            RateLimits = [new RateLimit(100, TimeSpan.FromHours(1))],
        });
        await use(secret);
        await app.FlushAsync();
        var usage = await app.GetAsync("/api-keys/used/usage", admin);
        return usage.Json.GetProperty("unusedScopes").GetRawText();
    }

    private sealed class CountedHub : Hub
    {
        [ApiKeyAuth.Authorization.RequireScope("a:read")]
        public string Open() => Context.ConnectionId;

        [ApiKeyAuth.Authorization.RequireScope("b:read")]
        [Authorize(Roles = "missing")]
        public string Closed() => Open();
    }
}
