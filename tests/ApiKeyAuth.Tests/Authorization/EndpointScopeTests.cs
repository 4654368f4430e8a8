using System.Security.Claims;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Scopes on minimal APIs, controllers and policies, over real Kestrel.</summary>
public sealed class EndpointScopeTests
{
    [TestCase("/one", "a:read", "a:write", "a:read")]
    [TestCase("/all", "a:read b:read", "b:read", "a:read")]
    [TestCase("/all", "b:read a:read c", "c", "a:read b:read")]
    [TestCase("/any", "b:read", "c", "a:read b:read")]
    [TestCase("/group/in", "a:read b:read", "b:read", "a:read")]
    [TestCase("/group/in", "a:read b:read", "c", "a:read b:read")]
    [TestCase("/attributes", "a:read b:read", "a:read", "b:read")]
    [TestCase("/attribute-any", "c", "a:read", "b:read c")]
    [TestCase("/policy", "a:read", "b:read", "a:read")]
    [TestCase("/requirement", "b:read", "c", "a:read b:read")]
    [TestCase("/given", "a:read b:read", "a:read", "b:read")]
    [TestCase("/given-any", "b:read", "c", "a:read b:read")]
    [TestCase("/attribute-all", "b:read c", "c", "b:read")]
    [TestCase("/data", "c", "a:read", "c")]
    [TestCase("/controller/both", "a:read b:read", "a:read", "b:read")]
    [TestCase("/controller/both", "a:read b:read", "b:read", "a:read")]
    [TestCase("/controller/class", "a:read", "b:read", "a:read")]
    [TestCase("/hand", "a:read", "b:read", "a:read")]
    public async Task Endpoint_Scopes_AcceptsKeysThatHoldThem(string path, string accepted, string rejected, string missing)
    {
        await using var app = await StartAsync();
        await app.ExpectAsync(path, accepted, rejected, missing);
    }

    [TestCase("*", 200)]
    [TestCase("a:*", 200)]
    [TestCase("A:read", 403)]
    [TestCase("a:read2", 403)]
    [TestCase("a2:*", 403)]
    [TestCase("a", 403)]
    [TestCase("", 403)]
    public async Task Wildcard_OfAKey_GrantsItsResource(string scopes, int status)
    {
        await using var app = await StartAsync();
        Assert.That((await app.CallAsync("/one", scopes)).Status, Is.EqualTo(status));
    }

    [TestCase("/wild", "a:*", 200)]
    [TestCase("/wild", "*", 200)]
    [TestCase("/wild", "a:read a:write", 403)]
    [TestCase("/star", "*", 200)]
    [TestCase("/star", "a:* b:* c", 403)]
    public async Task Wildcard_InARequirement_IsLiteral(string path, string scopes, int status)
    {
        await using var app = await StartAsync();
        Assert.That((await app.CallAsync(path, scopes)).Status, Is.EqualTo(status));
    }

    [TestCase("full", 200)]
    [TestCase("writer", 200)]
    [TestCase("reader", 200)]
    [TestCase("other", 403)]
    public async Task Implication_OfTheCatalog_IsTransitive(string scopes, int status)
    {
        await using var app = await TestApp.StartAsync(web => web.MapGet("/", () => "in").RequireScope("reader"), options =>
        {
            options.Scopes.Add(new ScopeDefinition { Name = "full", Implies = ["writer"] });
            options.Scopes.Add(new ScopeDefinition { Name = "writer", Implies = ["reader"] });
            options.Scopes.Add(new ScopeDefinition { Name = "reader" });
            options.Scopes.Add(new ScopeDefinition { Name = "other" });
        });
        Assert.That((await app.CallAsync("/", scopes)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Identity_OfAnotherScheme_DoesNotAddItsScopesToTheKey()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireScope("a", "b"),
            keys: keys => keys.AddScheme("ApiKey", scheme => scheme.Events.OnValidated = context =>
            {
                context.Principal!.AddIdentity(new ClaimsIdentity([new Claim("scope", "b")], "Other"));
                return Task.CompletedTask;
            }));
        Assert.That((await app.CallAsync("/", "a")).Status, Is.EqualTo(403));
        Assert.That((await app.CallAsync("/", "a b")).Status, Is.EqualTo(200));
    }

    [TestCase("*")]
    [TestCase("a:*")]
    public async Task Wildcard_InAClaimOfAnotherIdentity_IsLiteral(string claim)
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireScope("a:read"),
            keys: keys => keys.AddScheme("ApiKey", scheme => scheme.Events.OnValidated = context =>
            {
                context.Principal!.AddIdentity(new ClaimsIdentity([new Claim("scope", claim)], "Other"));
                return Task.CompletedTask;
            }));
        Assert.That((await app.CallAsync("/", "b")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task FallbackPolicy_OfScopes_ProtectsEndpointsWithoutAPolicy()
    {
        await using var app = await TestApp.StartAsync(
            web =>
            {
                web.MapGet("/bare", () => "in");
                web.MapGet("/open", () => "in").AllowAnonymous();
            },
            services: services => services.AddAuthorizationBuilder().SetFallbackPolicy(
                new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireScope("a").Build()));
        await app.ExpectAsync("/bare", "a", "b", "a");
        await app.ExpectAsync("/nowhere", "a", "b", "a", found: false);
        Assert.That((await app.CallAsync("/open", null)).Status, Is.EqualTo(200));
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/one", () => "in").RequireScope("a:read");
            web.MapGet("/all", () => "in").RequireScope("a:read", "b:read");
            web.MapGet("/any", () => "in").RequireAnyScope("a:read", "b:read");
            web.MapGroup("/group").RequireScope("a:read").MapGet("/in", () => "in").RequireScope("b:read");
            web.MapGet("/attributes", [RequireScope("a:read")][RequireScope("b:read")] () => "in");
            web.MapGet("/attribute-any", [RequireAnyScope("b:read", "c")] () => "in");
            web.MapGet("/policy", () => "in").RequireAuthorization("Named");
            web.MapGet("/requirement", () => "in").RequireAuthorization("Requirement");
            web.MapGet("/given", () => "in").RequireAuthorization(policy => policy.RequireScope("a:read", "b:read"));
            web.MapGet("/given-any", () => "in").RequireAuthorization(policy => policy.RequireAnyScope("a:read", "b:read"));
            web.MapGet("/attribute-all", [RequireScope("b:read", "c")] () => "in");
            web.MapGet("/data", () => "in").RequireAuthorization().WithMetadata(new OwnData());
            web.MapGet("/wild", () => "in").RequireScope("a:*");
            web.MapGet("/star", () => "in").RequireScope("*");
            web.MapGet("/hand", async (HttpContext context, IAuthorizationService authorization) =>
                (await authorization.AuthorizeAsync(context.User, context, new ScopeRequirement(["a:read"]))).Succeeded ? Results.Ok()
                : context.User.Identity!.IsAuthenticated ? Results.Forbid() : Results.Challenge());
            web.MapControllers();
        },
        services: services =>
        {
            services.AddAuthorizationBuilder().AddPolicy("Named", policy => policy.RequireScope("a:read"))
                .AddPolicy("Requirement", policy => policy.AddRequirements(new ScopeRequirement(["a:read", "b:read"], any: true)));
            services.AddControllers().ConfigureApplicationPartManager(
                parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(ScopedController))));
        });

    private sealed class OwnData : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new ScopeRequirement(["c"])];
    }

    [RequireScope("a:read")]
    [NonController]
    [Route("controller")]
    public sealed class ScopedController : ControllerBase
    {
        [HttpGet("class")]
        public IActionResult OfTheClass() => Ok("in");

        [RequireScope("b:read")]
        [HttpGet("both")]
        public IActionResult Both() => Ok("in");
    }
}
