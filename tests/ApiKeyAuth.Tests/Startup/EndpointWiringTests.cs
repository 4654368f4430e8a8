using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Tests that requirements that cannot be met stop the start, wherever they are declared.</summary>
public sealed class EndpointWiringTests
{
    [TestCaseSource(nameof(Endpoints))]
    public async Task Start_UnknownScope_FailsWithTheScope(string where, Action<WebApplication> map)
    {
        var start = await StartAsync(map);
        Assert.That(start.Problems, Has.One.Items);
        Assert.That(start.Problems[0], Does.Contain(where).And.EndsWith(
            "requires the scope orders:raed, which the catalog does not define; declare it under ApiKeyAuth:Scopes or correct it."));
    }

    [TestCase(typeof(WrongController))]
    [TestCase(typeof(WrongActionController))]
    public async Task Start_UnknownScopeOnAController_Fails(Type controller)
    {
        var start = await StartAsync(app => app.MapControllers(), controller);
        Assert.That(start.Problems, Has.One.Items.And.Some.Contains($"{controller.Name}.Get"));
        Assert.That(start.Problems, Has.One.Contains("requires the scope orders:raed"));
    }

    [Test]
    public async Task Start_KnownScopes_Succeeds()
    {
        var start = await StartAsync(app =>
        {
            app.MapGet("/", () => "in").RequireScope("orders:read").RequireAnyScope("orders:read", "orders:write");
            app.MapHub<RightHub>("/hub");
            app.MapGroup("/group").RequireScope("orders:read").MapGet("/open", () => "in").AllowAnonymous();
        });
        Assert.That(start.Error, Is.Null);
    }

    [Test]
    public async Task Start_UnknownScopeInTheFallbackPolicy_FailsWithoutAnEndpoint()
    {
        var start = await StartUp.RunAsync(builder =>
        {
            Keys(builder);
            builder.Services.AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireScope("orders:raed").Build());
        });
        Assert.That(start.Problems, Has.One.Items.And.Some.StartsWith("The fallback policy requires the scope orders:raed"));
    }

    [Test]
    public async Task Start_UnknownScopeInTheDefaultPolicy_Fails()
    {
        var start = await StartUp.RunAsync(
            builder =>
            {
                Keys(builder);
                builder.Services.AddAuthorizationBuilder()
                    .SetDefaultPolicy(new AuthorizationPolicyBuilder().RequireScope("orders:raed").Build());
            },
            app =>
            {
                app.UseApiKeyAuth();
                app.MapGet("/any", () => "in").RequireAuthorization();
            });
        Assert.That(start.Problems, Has.One.Items.And.Some.Contains("/any"));
    }

    [Test]
    public async Task Start_MissingPolicy_StillReportsUnknownScopes()
    {
        var start = await StartAsync(app =>
        {
            app.MapGet("/a", () => "in").RequireAuthorization("Missing").RequireScope("orders:raed");
            app.MapHub<MissingPolicyHub>("/hub");
        });
        Assert.That(start.Problems, Has.Exactly(2).Items);
        Assert.That(start.Problems, Has.One.Contains("/a requires the scope orders:raed"));
        Assert.That(start.Problems, Has.One.Contains("Method Send of the hub MissingPolicyHub requires the scope orders:raed"));
    }

    [Test]
    public async Task Start_SeveralProblems_ReportsAll()
    {
        var start = await StartUp.RunJsonAsync(
            """
            {
              "ApiKeyAuth": {
                "Scopes": ["orders:read"], "Schemes": { "ApiKey": { "Headers": "X Key" } }, "Keys": [{ "Id": "a", "Hash": "x" }]
              }
            }
            """,
            endpoints: app =>
            {
                app.MapGet("/a", () => "in").RequireScope("orders:raed");
                app.MapGet("/b", () => "in")
                    .RequireAuthorization(new RequireScopeAttribute("orders:read") { AuthenticationSchemes = "Nowhere" });
            });
        Assert.That(start.Problems, Has.Exactly(4).Items);
        string[] parts = ["ApiKeyAuth:Schemes:ApiKey:Header", "ApiKeyAuth:Keys:0:Hash", "/a requires", "/b names the scheme Nowhere"];
        foreach (var part in parts)
        {
            Assert.That(start.Problems, Has.One.Contains(part));
        }
    }

    [Test]
    public async Task Start_ProblemsOfOptionsSchemesKeysAndPipeline_ReportsAll()
    {
        var start = await StartUp.RunAsync(
            builder => builder.AddJson("""
                {
                  "ApiKeyAuth": {
                    "Cache": { "MaxKnownKeys": 0 }, "Schemes": { "ApiKey": { "Headers": "X Key" } },
                    "Keys": [{ "Id": "a", "Hash": "x", "Scopes": ["a b"] }]
                  }
                }
                """).Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")),
            _ => { });
        Assert.That(start.Problems, Has.Exactly(5).Items);
        string[] parts =
        [
            "ApiKeyAuth:Cache:MaxKnownKeys", "ApiKeyAuth:Schemes:ApiKey:Header", "ApiKeyAuth:Keys:0:Hash", "ApiKeyAuth:Keys:0:Scopes:0",
            "UseApiKeyAuth() is not called",
        ];
        foreach (var part in parts)
        {
            Assert.That(start.Problems, Has.One.Contains(part));
        }
    }

    [Test]
    public async Task Start_PipelineThatFailsOnInvalidSettings_ReportsTheSettings()
    {
        var start = await StartUp.RunGenericAsync(
            services => services.AddRouting().AddApiKeyAuth(options => options.Cache.MaxKnownKeys = 0).AddInMemoryStore(),
            app => app.ApplicationServices.GetRequiredService<ApiKeyFormats>());
        Assert.That(start.Problems, Has.One.Items.And.All.StartsWith("ApiKeyAuth:Cache:MaxKnownKeys is out of range"));
    }

    private static TestCaseData<string, Action<WebApplication>>[] Endpoints() =>
    [
        new("HTTP: GET /a", app => app.MapGet("/a", () => "in").RequireScope("orders:raed")) { TestName = "endpoint" },
        new("/group/a", app => app.MapGroup("/group").RequireScope("orders:raed").MapGet("/a", () => "in").RequireScope("orders:read"))
            { TestName = "group" },
        new("/all", app => app.MapGet("/all", () => "in").RequireScope("orders:read", "orders:raed")) { TestName = "all of" },
        new("/any", app => app.MapGet("/any", () => "in").RequireAnyScope("orders:read", "orders:raed")) { TestName = "any of" },
        new("/attribute", app => app.MapGet("/attribute", [RequireScope("orders:read")] [RequireScope("orders:raed")] () => "in"))
            { TestName = "several attributes" },
        new("/policy", app => app.MapGet("/policy", () => "in").RequireAuthorization("Raed")) { TestName = "named policy" },
        new("/given", app => app.MapGet("/given", () => "in").RequireAuthorization(policy => policy.RequireScope("orders:raed")))
            { TestName = "policy given" },
        new("/data", app => app.MapGet("/data", () => "in").WithMetadata(new OwnData())) { TestName = "requirement data" },
        new("/hub/negotiate", app => app.MapHub<WrongHub>("/hub", _ => { }).Add(OnlyNegotiate)) { TestName = "hub" },
        new("Method Send of the hub WrongMethodHub", app => app.MapHub<WrongMethodHub>("/hub")) { TestName = "hub method" },
        new("Method Send of the hub WrongMethodPolicyHub", app => app.MapHub<WrongMethodPolicyHub>("/hub"))
            { TestName = "policy of a hub method" },
    ];

    private static void OnlyNegotiate(EndpointBuilder endpoint)
    {
        // A hub has two endpoints, of which one is enough for the test.
        if (endpoint.DisplayName?.EndsWith("negotiate", StringComparison.Ordinal) != true)
        {
            endpoint.Metadata.Clear();
        }
    }

    private static Task<StartUp> StartAsync(Action<WebApplication> map, params Type[] controllers) => StartUp.RunAsync(
        builder =>
        {
            Keys(builder);
            builder.Services.AddAuthorizationBuilder().AddPolicy("Raed", policy => policy.RequireScope("orders:raed"));
            builder.Services.AddSignalR();
            builder.Services.AddControllers().ConfigureApplicationPartManager(
                parts => parts.FeatureProviders.Add(new OnlyControllers(controllers)));
        },
        app =>
        {
            app.UseApiKeyAuth();
            map(app);
        });

    private static void Keys(WebApplicationBuilder builder) => builder
        .AddJson("""{ "ApiKeyAuth": { "Scopes": ["orders:read", "orders:write"] } }""")
        .Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddInMemoryStore();

    public sealed class OwnData : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new ScopeRequirement(["orders:raed"])];
    }

    [RequireScope("orders:read")]
    public sealed class RightHub : Hub
    {
        [RequireScope("orders:write")]
        public Task Send() => Clients.Caller.SendAsync("sent");
    }

    [RequireScope("orders:raed")]
    public sealed class WrongHub : Hub;

    public sealed class WrongMethodHub : Hub
    {
        [RequireScope("orders:raed")]
        public Task Send() => Clients.Caller.SendAsync("sent");
    }

    public sealed class WrongMethodPolicyHub : Hub
    {
        [Authorize("Raed")]
        public Task Send() => Clients.Caller.SendAsync("sent");
    }

    public sealed class MissingPolicyHub : Hub
    {
        [Authorize("Missing")]
        [RequireScope("orders:raed")]
        public Task Send() => Clients.Caller.SendAsync("sent");
    }

    [RequireScope("orders:raed")]
    [NonController]
    public sealed class WrongController : ControllerBase
    {
        [HttpGet("controller")]
        public IActionResult Get() => Ok("in");
    }

    [NonController]
    public sealed class WrongActionController : ControllerBase
    {
        [RequireScope("orders:raed")]
        [HttpGet("controller")]
        public IActionResult Get() => Ok("in");
    }
}
