using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Http;

/// <summary>Error responses of endpoints that accept both keys and tokens, or only tokens.</summary>
public sealed class OtherSchemeTests
{
    [TestCase("/both")]
    [TestCase("/forwarded")]
    public async Task Endpoint_AcceptsKeysAndTokens_ReportsTheReason(string path)
    {
        await using var app = await StartAsync();
        using var nothing = await app.GetAsync(path);
        using var expired = await app.GetAsync(path, bearer: Jwts.Create() + "x");
        using var badKey = await app.GetAsync(path, app.NewSecret());
        await nothing.AssertRefusedAsync(401, "missing_credentials");
        await expired.AssertRefusedAsync(401, "invalid_token");
        await badKey.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(await nothing.BodyAsync(), Does.Contain("No credentials were provided"));
        Assert.That(await expired.BodyAsync(), Does.Contain("The token provided is invalid"));
    }

    [Test]
    public async Task Endpoint_InvalidKeyAndInvalidToken_ReportsAnInvalidKey()
    {
        await using var app = await StartAsync();
        using var response = await app.GetAsync("/both", app.NewSecret(), Jwts.Create() + "x");
        await response.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(response.Lines("WWW-Authenticate"), Has.Length.EqualTo(2).And.All.Contains("invalid_token"));
    }

    [Test]
    public async Task Endpoint_AcceptsKeysOnly_ReportsATokenAsAnInvalidKey()
    {
        await using var app = await StartAsync();
        using var response = await app.GetAsync("/keys", bearer: Jwts.Create());
        await response.AssertRefusedAsync(401, "invalid_api_key");
    }

    [TestCase("/both-never")]
    [TestCase("/forwarded-never")]
    public async Task Policy_OfTheAppNotMet_Is403Forbidden(string path)
    {
        await using var app = await StartAsync();
        using var byToken = await app.GetAsync(path, bearer: Jwts.Create());
        using var byKey = await app.GetAsync(path, await app.IssueAsync());
        await byToken.AssertRefusedAsync(403, "forbidden");
        await byKey.AssertRefusedAsync(403, "forbidden");
    }

    [TestCase("/tokens", false)]
    [TestCase("/tokens", true)]
    [TestCase("/tokens-scope", false)]
    [TestCase("/tokens-scope", true)]
    public async Task Endpoint_AcceptsTokensOnly_KeepsTheUnauthorizedResponseOfTheFramework(string path, bool withKey)
    {
        await using var app = await StartAsync();
        using var response = await app.GetAsync(path, withKey ? app.NewSecret() : null);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Lines("WWW-Authenticate"), Is.EqualTo(new[] { "Bearer" }));
        Assert.That(await response.BodyAsync(), Is.Empty);
    }

    [TestCase("/tokens-never")]
    [TestCase("/tokens-scope")]
    public async Task Endpoint_AcceptsTokensOnly_KeepsTheForbiddenResponseOfTheFramework(string path)
    {
        await using var app = await StartAsync();
        using var response = await app.GetAsync(path, bearer: Jwts.Create());
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Lines("WWW-Authenticate"), Is.Empty);
        Assert.That(await response.BodyAsync(), Is.Empty);
    }

    [TestCase("/both")]
    [TestCase("/forwarded")]
    public async Task ReportMissingAsInvalid_MissingCredentials_AreReportedAsAnInvalidKey(string path)
    {
        await using var app = await StartAsync(options => options.Errors.ReportMissingAsInvalid = true);
        using var response = await app.GetAsync(path);
        await response.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(response.Lines("WWW-Authenticate"), Is.All.EqualTo("Bearer"));
    }

    [Test]
    public async Task OnChallenge_MissingCredentials_GetsTheSameCode()
    {
        string? code = null;
        await using var app = await StartAsync(keys: keys => keys.AddScheme("ApiKey", scheme => scheme.Events.OnChallenge = context =>
        {
            code = context.Error.Code;
            return Task.CompletedTask;
        }));
        using var response = await app.GetAsync("/both");
        Assert.That(code, Is.EqualTo("missing_credentials"));
    }

    [Test]
    public async Task Token_EventWritesItsOwnBody_KeepsTheBody()
    {
        var events = new JwtBearerEvents
        {
            OnChallenge = async context =>
            {
                context.HandleResponse();
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate = "Own";
                await context.Response.WriteAsync("own");
            },
        };
        await using var app = await StartAsync(
            services: services => services.Configure<JwtBearerOptions>("Bearer", jwt => jwt.Events = events));
        using var response = await app.GetAsync("/forwarded");
        Assert.That(await response.BodyAsync(), Is.EqualTo("own"));
    }

    [TestCase(ServiceLifetime.Singleton)]
    [TestCase(ServiceLifetime.Scoped)]
    [TestCase(ServiceLifetime.Transient)]
    public async Task ResultHandler_OfTheApp_IsStillCalled(ServiceLifetime lifetime)
    {
        await using var app = await StartAsync(services: services =>
            services.Add(new ServiceDescriptor(typeof(IAuthorizationMiddlewareResultHandler), typeof(OwnResultHandler), lifetime)));
        using var accepted = await app.GetAsync("/both", await app.IssueAsync());
        using var rejected = await app.GetAsync("/both");
        Assert.That(accepted.Line("X-Own"), Is.EqualTo("True"));
        Assert.That(rejected.Line("X-Own"), Is.EqualTo("False"));
        await rejected.AssertRefusedAsync(401, "missing_credentials");
    }

    private static Task<TestApp> StartAsync(
        Action<ApiKeyAuthOptions>? options = null,
        Action<ApiKeyAuthBuilder>? keys = null,
        Action<IServiceCollection>? services = null) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/keys", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey" });
            web.MapGet("/both", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey,Bearer" });
            web.MapGet("/both-never", () => "in").RequireAuthorization(
                policy => policy.AddAuthenticationSchemes("ApiKey", "Bearer").RequireAssertion(_ => false));
            web.MapGet("/forwarded", () => "in").RequireAuthorization();
            web.MapGet("/forwarded-never", () => "in").RequireAuthorization(policy => policy.RequireAssertion(_ => false));
            web.MapGet("/tokens", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Bearer" });
            web.MapGet("/tokens-scope", () => "in").RequireAuthorization(
                new RequireScopeAttribute("a") { AuthenticationSchemes = "Bearer" });
            web.MapGet("/tokens-never", () => "in").RequireAuthorization(
                policy => policy.AddAuthenticationSchemes("Bearer").RequireAssertion(_ => false));
        },
        options,
        builder =>
        {
            builder.AddBearerForwarding("Bearer");
            keys?.Invoke(builder);
        },
        builder =>
        {
            builder.AddJwt();
            services?.Invoke(builder);
        });

    private sealed class OwnResultHandler : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _default = new();

        public Task HandleAsync(
            RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            context.Response.Headers["X-Own"] = authorizeResult.Succeeded.ToString();
            return _default.HandleAsync(next, context, policy, authorizeResult);
        }
    }
}
