using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>
/// Tests that scopes that AllowAnonymous or ShortCircuit() skips stop the start, unless a single endpoint of a group is opened.
/// </summary>
public sealed class SkippedScopeTests
{
    private const string Opened =
        "requires the scope a, but AllowAnonymous opens it to every caller; "
        + "remove AllowAnonymous from the endpoint, its class or its group, or require the scope elsewhere.";

    private const string Skipped =
        "requires the scope a, but ShortCircuit() skips authorization and opens it to every caller; remove ShortCircuit().";

    private static readonly AuthorizationPolicy Policy = new AuthorizationPolicyBuilder().RequireScope("a").Build();

    [TestCaseSource(nameof(OpenedEndpoints))]
    public async Task AllowAnonymous_OnAnEndpointWithAScope_FailsAtStart(string where, Action<WebApplication> map)
    {
        var start = await StartAsync(map);
        Assert.That(start.Problems, Is.Not.Empty.And.All.StartsWith("Endpoint ").And.All.Contains(where).And.All.EndsWith(Opened));
    }

    [TestCaseSource(nameof(MeantToBeOpen))]
    public async Task AllowAnonymous_MoreSpecificThanTheScope_Starts(Action<WebApplication> map) =>
        Assert.That((await StartAsync(map)).Error, Is.Null);

    [TestCase(typeof(AnonymousController))]
    [TestCase(typeof(AnonymousAndScopedController))]
    [TestCase(typeof(ScopedAndAnonymousController))]
    [TestCase(typeof(AnonymousAndScopedActionController))]
    [TestCase(typeof(ScopedAndAnonymousActionController))]
    public async Task AllowAnonymous_OnAControllerWithAScope_FailsAtStart(Type controller)
    {
        var start = await StartAsync(app => app.MapControllers(), controller);
        Assert.That(start.Problems, Has.One.Items.And.All.Contains($"{controller.Name}.Get").And.All.EndsWith(Opened));
    }

    [Test]
    public async Task AllowAnonymous_OnAllControllersOfWhichOneHasAScope_FailsAtStart()
    {
        var start = await StartAsync(app => app.MapControllers().AllowAnonymous(), typeof(ScopedController));
        Assert.That(start.Problems, Has.One.Items.And.All.EndsWith(Opened));
    }

    [Test]
    public async Task AllowAnonymous_OnAnActionOfAScopedController_Starts()
    {
        Assert.That((await StartAsync(app => app.MapControllers(), typeof(OpenActionController))).Error, Is.Null);
        Assert.That((await StartAsync(app => app.MapControllers().RequireScope("a"), typeof(OpenController))).Error, Is.Null);
    }

    [Test]
    public async Task AllowAnonymous_OnTheManagementApi_FailsAtStart()
    {
        var start = await StartAsync(app => app.MapGroup("/x").AllowAnonymous().MapApiKeys().RequireKeyScopes());
        Assert.That(start.Problems, Is.Not.Empty.And.All.Contains("MapApiKeys()."));
    }

    [TestCaseSource(nameof(ShortCircuits))]
    public async Task ShortCircuit_OnAnEndpointWithAScope_FailsAtStart(Action<WebApplication> map)
    {
        var start = await StartAsync(map);
        Assert.That(start.Problems, Is.EqualTo(new[] { $"Endpoint HTTP: GET /a {Skipped}" }));
    }

    [Test]
    public async Task ShortCircuit_OnTheManagementApi_FailsAtStart()
    {
        var start = await StartAsync(app => app.MapApiKeys().RequireKeyScopes().ShortCircuit());
        Assert.That(start.Problems, Is.Not.Empty.And.All.Contains("but ShortCircuit() skips authorization"));
        var withPolicy = await StartAsync(app => app.MapApiKeys()
            .WithMetadata(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .ShortCircuit());
        Assert.That(withPolicy.Problems, Is.Not.Empty.And.All.Contains("manages keys, but ShortCircuit() skips authorization"));
    }

    [Test]
    public async Task ShortCircuit_WithoutAScope_Starts()
    {
        var start = await StartUp.RunAsync(
            builder =>
            {
                Add(builder);
                builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(Policy);
            },
            app =>
            {
                app.UseApiKeyAuth();
                app.MapGet("/health", () => "in").ShortCircuit();
                app.MapShortCircuit(404, "favicon.ico");
            });
        Assert.That(start.Error, Is.Null);
    }

    private static TestCaseData<string, Action<WebApplication>>[] OpenedEndpoints() =>
    [
        new("/x/a", app => app.MapGroup("/x").AllowAnonymous().MapGet("/a", () => "in").RequireScope("a")) { TestName = "group" },
        new("/x/y/a", app => app.MapGroup("/x").AllowAnonymous().MapGroup("/y").RequireScope("a").MapGet("/a", () => "in"))
            { TestName = "group in a group" },
        new("/x/a", app => app.MapGroup("/x").AllowAnonymous().MapGet("/a", [RequireScope("a")] () => "in"))
            { TestName = "group over an attribute" },
        new("/x/a", app => app.MapGroup("/x").AllowAnonymous().MapGet("/a", () => "in").RequireAuthorization("A"))
            { TestName = "group over a named policy" },
        new("/x/a", app => app.MapGroup("/x").AllowAnonymous().MapGet("/a", () => "in").RequireAuthorization(Policy))
            { TestName = "group over a policy" },
        new("/x/a", app => app.MapGroup("/x").AllowAnonymous().MapGet("/a", () => "in").WithMetadata(new OwnData()))
            { TestName = "group over requirement data" },
        new("/x/a", app => app.MapGroup("/x").AllowAnonymous().MapGet("/a", () => "in").WithMetadata(new OwnAttribute()))
            { TestName = "group over an attribute with requirement data" },
        new("/x/a", app => app.MapGroup("/x").AllowAnonymous()
            .MapGet("/a", (HttpContext context) => Task.CompletedTask).RequireScope("a"))
            { TestName = "group over a delegate" },
        new("/a", app => app.MapGet("/a", () => "in").RequireScope("a").AllowAnonymous()) { TestName = "endpoint" },
        new("/a", app => app.MapGet("/a", () => "in").AllowAnonymous().RequireScope("a")) { TestName = "endpoint, other order" },
        new("/a", app => app.MapGet("/a", () => "in").RequireScope("a", "b").AllowAnonymous()) { TestName = "all of" },
        new("/a", app => app.MapGet("/a", () => "in").RequireAnyScope("a", "b").AllowAnonymous()) { TestName = "any of" },
        new("/a", app => app.MapGet("/a", [AllowAnonymous] () => "in").RequireScope("a")) { TestName = "attribute and call" },
        new("/a", app => app.MapGet("/a", [RequireScope("a")] () => "in").AllowAnonymous()) { TestName = "call and attribute" },
        new("/a", app => app.MapGet("/a", [RequireScope("a")] [AllowAnonymous] () => "in")) { TestName = "attributes" },
        new("/hub", app => app.MapHub<ScopedHub>("/hub").AllowAnonymous()) { TestName = "hub" },
        new("/hub", app => app.MapHub<AnonymousHub>("/hub").RequireScope("a")) { TestName = "anonymous hub" },
        new("/x/hub", app => app.MapGroup("/x").AllowAnonymous().MapHub<ScopedHub>("/hub")) { TestName = "group over a hub" },
        new("/hub", app => app.MapHub<BothHub>("/hub")) { TestName = "hub with both" },
    ];

    private static TestCaseData<Action<WebApplication>>[] MeantToBeOpen() =>
    [
        new(app => app.MapGroup("/x").RequireScope("a").MapGet("/a", () => "in").AllowAnonymous()) { TestName = "endpoint of a group" },
        new(app => app.MapGroup("/x").RequireScope("a").MapGet("/a", [AllowAnonymous] () => "in")) { TestName = "attribute in a group" },
        new(app => app.MapGroup("/x").RequireScope("a").MapGroup("/y").AllowAnonymous().MapGet("/a", () => "in"))
            { TestName = "group of a group" },
        new(app => app.MapGroup("/x").RequireAuthorization("A").MapGet("/a", () => "in").AllowAnonymous())
            { TestName = "endpoint of a group with a policy" },
        new(app => app.MapGroup("/x").RequireScope("a").MapHub<AnonymousHub>("/hub")) { TestName = "hub in a group" },
        new(app => app.MapGet("/a", () => "in").RequireAuthorization().AllowAnonymous()) { TestName = "no scope" },
    ];

    private static TestCaseData<Action<WebApplication>>[] ShortCircuits() =>
    [
        new(app => app.MapGet("/a", () => "in").WithMetadata(new OwnData()).ShortCircuit()) { TestName = "requirement data" },
        new(app => app.MapGet("/a", () => "in").WithMetadata(Policy).ShortCircuit()) { TestName = "policy" },
        new(app => app.MapGet("/a", () => "in").RequireScope("a").ShortCircuit(200)) { TestName = "scope" },
        new(app =>
        {
            var group = app.MapGroup("");
            group.ShortCircuit();
            group.MapGet("/a", [RequireScope("a")] () => "in");
        }) { TestName = "group" },
        new(app => app.MapGet("/a", () => "in").RequireAuthorization("A").ShortCircuit()) { TestName = "named policy" },
    ];

    private static Task<StartUp> StartAsync(Action<WebApplication> map, params Type[] controllers) => StartUp.RunAsync(
        builder => Add(builder, controllers),
        app =>
        {
            app.UseApiKeyAuth();
            map(app);
        });

    private static void Add(WebApplicationBuilder builder, params Type[] controllers)
    {
        builder.Services.AddApiKeyAuth().AddInMemoryStore();
        builder.Services.AddAuthorizationBuilder().AddPolicy("A", Policy);
        builder.Services.AddSignalR();
        builder.Services.AddControllers().ConfigureApplicationPartManager(
            parts => parts.FeatureProviders.Add(new OnlyControllers(controllers)));
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class OwnAttribute : AuthorizeAttribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => SkippedScopeTests.Policy.Requirements;
    }

    private sealed class OwnData : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new ScopeRequirement(["a"])];
    }

    [RequireScope("a")]
    public sealed class ScopedHub : Hub;

    [AllowAnonymous]
    public sealed class AnonymousHub : Hub;

    [RequireScope("a")]
    [AllowAnonymous]
    public sealed class BothHub : Hub;

    [NonController]
    [AllowAnonymous]
    public sealed class AnonymousController : ControllerBase
    {
        [HttpGet("c")]
        [RequireScope("a")]
        public IActionResult Get() => Ok();
    }

    [NonController]
    [AllowAnonymous]
    [RequireScope("a")]
    public sealed class AnonymousAndScopedController : ControllerBase
    {
        [HttpGet("c")]
        public IActionResult Get() => Ok();
    }

    [NonController]
    [RequireScope("a")]
    [AllowAnonymous]
    public sealed class ScopedAndAnonymousController : ControllerBase
    {
        [HttpGet("c")]
        public IActionResult Get() => Ok();
    }

    [NonController]
    public sealed class AnonymousAndScopedActionController : ControllerBase
    {
        [HttpGet("c")]
        [AllowAnonymous]
        [RequireScope("a")]
        public IActionResult Get() => Ok();
    }

    [NonController]
    public sealed class ScopedAndAnonymousActionController : ControllerBase
    {
        [HttpGet("c")]
        [RequireScope("a")]
        [AllowAnonymous]
        public IActionResult Get() => Ok();
    }

    [NonController]
    [RequireScope("a")]
    public sealed class ScopedController : ControllerBase
    {
        [HttpGet("c")]
        public IActionResult Get() => Ok();
    }

    [NonController]
    [RequireScope("a")]
    public sealed class OpenActionController : ControllerBase
    {
        [HttpGet("c")]
        [AllowAnonymous]
        public IActionResult Get() => Ok();
    }

    [NonController]
    [AllowAnonymous]
    public sealed class OpenController : ControllerBase
    {
        [HttpGet("c")]
        public IActionResult Get() => Ok();
    }
}
