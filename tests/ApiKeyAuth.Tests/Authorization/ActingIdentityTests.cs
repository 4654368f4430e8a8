using ApiKeyAuth.Authorization;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>The acting identity is the one that met the requirement of the endpoint or hub, even if other scopes are evaluated.</summary>
public sealed class ActingIdentityTests
{
    [Test]
    public async Task Hub_ScopesOfTheHubAndAMethodHeldByTwoIdentities_AreNotCombined(
        [Values(HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling)]
        HttpTransportType transport,
        [Values] bool tokenActs)
    {
        await using var app = await TestApp.StartAsync(web => web.MapHub<ChatHub>("/hub"), services: services =>
        {
            services.AddSignalR();
            services.AddJwt();
        });
        var key = await app.IssueAsync(each => each with { TenantId = "tenant_b", Scopes = TestApp.Scopes(tokenActs ? "write" : "read") });
        var token = Jwts.Create(("scope", tokenActs ? "read" : "write"), ("tenant_id", "tenant_a"));
        await using var connection = new HubConnectionBuilder().WithUrl(new Uri(app.Client.BaseAddress!, "/hub"), options =>
        {
            options.Transports = transport;
            options.Headers["X-API-Key"] = key;
            options.Headers["Authorization"] = "Bearer " + token;
        }).Build();
        await connection.StartAsync();
        for (var call = 0; call < 3; call++)
        {
            Assert.That(await connection.InvokeAsync<string>(nameof(ChatHub.Tenant)), Is.EqualTo(tokenActs ? "none" : "tenant_b"));
            Assert.That(() => connection.InvokeAsync<string>(nameof(ChatHub.Write)), Throws.TypeOf<HubException>());
        }
    }

    [Test]
    public async Task Endpoint_HandlerEvaluatesAScopeOfAnotherIdentity_DoesNotChangeTheActingIdentity([Values] bool requiresScope)
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", (HttpContext context) => context.GetApiKey()?.Id ?? "none").RequireAuthorization(policy =>
                (requiresScope ? policy.RequireScope("write") : policy)
                    .AddAuthenticationSchemes("ApiKey", "Bearer").AddRequirements(new Evaluated())),
            keys: keys => keys.Services.AddScoped<IAuthorizationHandler, EvaluatingHandler>(),
            services: services => services.AddJwt());
        var key = await app.IssueAsync(each => each with { Scopes = TestApp.Scopes("read") });
        using var response = await app.GetAsync("/", key, Jwts.Create(("scope", "write")));
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(await response.BodyAsync(), Is.EqualTo("none"));
    }

    [Test]
    public async Task Endpoint_TwoSchemesReadTheSameSecret_UsesThatKey()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", (HttpContext context) => context.GetApiKey()?.Id ?? "none")
                .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "A,B" }),
            keys: keys => keys.AddScheme("A", scheme => scheme.Headers = ["X-A"]).AddScheme("B", scheme => scheme.Headers = ["X-B"]));
        var (first, second, rotated) = (await app.IssueAsync(), await app.IssueAsync(), app.NewSecret());
        await app.ChangeAsync(key => key with { Secrets = [app.Hashed(rotated), .. key.Secrets] });
        using var same = await app.GetAsync("/", bearer: first);
        using var different = await app.SendAsync("/", ("X-A", first), ("X-B", second));
        using var secrets = await app.SendAsync("/", ("X-A", first), ("X-B", rotated));
        Assert.That(await same.BodyAsync(), Is.EqualTo("key1"));
        Assert.That(await different.BodyAsync(), Is.EqualTo("none"));
        Assert.That(await secrets.BodyAsync(), Is.EqualTo("none"), "one of the secrets may be retiring");
    }

    private sealed class Evaluated : IAuthorizationRequirement;

    private sealed class EvaluatingHandler(IServiceProvider services) : AuthorizationHandler<Evaluated>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, Evaluated requirement)
        {
            var authorization = services.GetRequiredService<IAuthorizationService>();
            var mayRead = await authorization.AuthorizeAsync(context.User, context.Resource, new ScopeRequirement(["read"]));
            Assert.That(mayRead.Succeeded);
            context.Succeed(requirement);
        }
    }

    [RequireScope("read", AuthenticationSchemes = "ApiKey,Bearer")]
    private sealed class ChatHub : Hub
    {
        public string? Tenant() => Context.GetHttpContext()!.GetApiKey() is { } key ? key.TenantId : "none";

        [RequireScope("write")]
        public string? Write() => Tenant();
    }
}
