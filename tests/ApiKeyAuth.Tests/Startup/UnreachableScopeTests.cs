using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>
/// Tests that endpoints with scopes that no key can reach stop the start, and so does a service that would hide error responses.
/// </summary>
public sealed class UnreachableScopeTests
{
    private static readonly AuthorizeAttribute Tokens = new() { AuthenticationSchemes = "Bearer" };

    [TestCaseSource(nameof(Unreachable))]
    public async Task RequireScope_WithASchemeThatAcceptsNoKeys_FailsAtStart(Action<WebApplication> map)
    {
        var start = await StartAsync(map);
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "Endpoint HTTP: GET /a requires the scope a, but its other metadata names only Bearer, so that no API key can reach it; "
            + "call .RequireAuthorization(new RequireScopeAttribute(\"a\") { AuthenticationSchemes = \"ApiKey\" }) to accept keys as well, "
            + "or with AuthenticationSchemes = \"Bearer\" to accept none.",
        }));
    }

    [TestCaseSource(nameof(Reachable))]
    public async Task RequireScope_WithASchemeThatAcceptsKeysOrIsExplicit_Starts(Action<WebApplication> map) =>
        Assert.That((await StartAsync(map)).Error, Is.Null);

    [Test]
    public async Task RequireScope_OnAMethodOfAHubThatAcceptsNoKeys_FailsAtStart()
    {
        var start = await StartAsync(app => app.MapHub<TokenHub>("/hub"));
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "Method Send of the hub TokenHub requires the scope a, but the hub names only Bearer, so that no API key can reach it; "
            + "name the scheme ApiKey on the hub as well, or Bearer on the method to accept none.",
        }));
    }

    [Test]
    public async Task AuthorizeFilter_WithScopesAndAnotherDefaultScheme_FailsAtStart()
    {
        var start = await StartAsync(app => app.MapControllers(), builder => builder.Services.AddControllers(options =>
            options.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder().RequireScope("a").Build()))));
        Assert.That(start.Problems, Has.One.Items.And.All.Contains("FilteredController.Get"));
        Assert.That(start.Problems[0], Does.EndWith("call MapControllers().RequireAuthorization() instead."));
    }

    [Test]
    public async Task Start_ResultHandlerRegisteredAfterwards_FailsIfThereAreOtherSchemes()
    {
        var start = await StartAsync(_ => { }, AddHandler);
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "AuthorizationMiddlewareResultHandler was registered as IAuthorizationMiddlewareResultHandler after AddApiKeyAuth(), "
            + "which disables the error responses for several schemes; register it before AddApiKeyAuth().",
        }));
        var keysOnly = await StartUp.RunAsync(
            builder =>
            {
                builder.Services.AddApiKeyAuth().AddInMemoryStore();
                AddHandler(builder);
            },
            app =>
            {
                app.UseApiKeyAuth();
                app.MapGet("/a", () => "in").RequireScope("a");
            });
        Assert.That(keysOnly.Error, Is.Null);

        static void AddHandler(WebApplicationBuilder builder) =>
            builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationMiddlewareResultHandler>();
    }

    private static TestCaseData<Action<WebApplication>>[] Unreachable() =>
    [
        new(app => app.MapGet("/a", () => "in").RequireAuthorization(Tokens).RequireScope("a")) { TestName = "endpoint" },
        new(app => app.MapGroup("").RequireAuthorization(Tokens).MapGet("/a", () => "in").RequireScope("a")) { TestName = "group" },
        new(app => app.MapGet("/a", [RequireScope("a")] () => "in").RequireAuthorization("Tokens")) { TestName = "named policy" },
        new(app => app.MapGet("/a", () => "in").RequireAuthorization(Tokens).RequireAuthorization("A"))
            { TestName = "scopes of a named policy" },
        new(app => app.MapGet("/a", () => "in").RequireAuthorization(Tokens).RequireAuthorization(policy => policy.RequireScope("a")))
            { TestName = "scopes of a policy" },
    ];

    private static TestCaseData<Action<WebApplication>>[] Reachable() =>
    [
        new(app => app.MapGet("/a", () => "in").RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "Bearer" })) { TestName = "tokens only" },
        new(app => app.MapGroup("").RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "Bearer" }).MapGet("/a", () => "in").RequireScope("b"))
            { TestName = "tokens only in a group" },
        new(app => app.MapGet("/a", () => "in")
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes("Bearer").RequireScope("a")))
            { TestName = "tokens only by a policy" },
        new(app => app.MapGet("/a", () => "in").WithMetadata(new TokensAttribute { AuthenticationSchemes = "Bearer" }))
            { TestName = "tokens only by an attribute with requirement data" },
        new(app => app.MapGet("/a", () => "in").RequireAuthorization(Tokens).RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "ApiKey" })) { TestName = "keys too" },
        new(app => app.MapGet("/a", () => "in").RequireAuthorization(Tokens).RequireScope("a")
            .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Either" }))
            { TestName = "forwarding" },
        new(app => app.MapGet("/a", () => "in").RequireAuthorization(Tokens).RequireScope("a")
            .WithMetadata(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey" }))
            { TestName = "keys by other metadata" },
        new(app => app.MapGet("/a", () => "in").RequireScope("a")) { TestName = "no scheme" },
    ];

    private static Task<StartUp> StartAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null) => StartUp.RunAsync(
        builder =>
        {
            builder.Services.AddAuthentication("Bearer")
                .AddJwtBearer()
                .AddPolicyScheme("Either", null, policy => policy.ForwardDefault = "ApiKey");
            builder.Services.AddAuthorizationBuilder().AddPolicy("A", policy => policy.RequireScope("a"))
                .AddPolicy("Tokens", policy => policy.AddAuthenticationSchemes("Bearer").RequireAuthenticatedUser());
            builder.Services.AddSignalR();
            builder.Services.AddControllers().ConfigureApplicationPartManager(
                parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(FilteredController))));
            builder.Services.AddApiKeyAuth().AddInMemoryStore();
            configure?.Invoke(builder);
        },
        app =>
        {
            app.UseApiKeyAuth();
            map(app);
        });

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class TokensAttribute : AuthorizeAttribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new ScopeRequirement(["a"])];
    }

    [Authorize(AuthenticationSchemes = "Bearer")]
    public sealed class TokenHub : Hub
    {
        [RequireScope("a")]
        public Task Send() => Clients.Caller.SendAsync("sent");

        [RequireScope("a", AuthenticationSchemes = "Bearer")]
        public Task SendForTokens() => Clients.Caller.SendAsync("sent");
    }

    [NonController]
    public sealed class FilteredController : ControllerBase
    {
        [HttpGet("filtered")]
        public IActionResult Get() => Ok("in");
    }
}
