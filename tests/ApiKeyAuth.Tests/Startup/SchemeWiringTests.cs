using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Tests unknown, duplicate and default authentication schemes. The default scheme of the host is never changed.</summary>
public sealed class SchemeWiringTests
{
    [Test]
    public async Task Start_UnknownScheme_FailsWithTheKnownSchemes()
    {
        var start = await StartAsync(
            keys => keys.AddScheme("Agent").AddScheme("User"),
            app => app.MapGet("/a", () => "in").RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "Agnet" }));
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "Endpoint HTTP: GET /a names the scheme Agnet, which does not exist; the schemes are Agent, User.",
        }));
    }

    [Test]
    public async Task Start_SeveralSchemesWithoutADefault_FailsIfAnEndpointNamesNone()
    {
        var start = await StartAsync(keys => keys.AddScheme("Agent").AddScheme("User"), app =>
        {
            app.MapGet("/a", () => "in").RequireAuthorization();
            app.MapGet("/b", () => "in").RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "User" });
            app.MapGet("/c", () => "in");
            app.MapGet("/d", () => "in").RequireScope("a");
        });
        Assert.That(start.Problems, Has.One.Items);
        Assert.That(
            start.Problems[0],
            Does.StartWith(
                    "Endpoint HTTP: GET /a requires authentication but names no scheme, and there are several schemes without a default")
                .And.Contains("The schemes are Agent, User."));
    }

    [Test]
    public async Task Start_SeveralSchemesWithADefault_Succeeds()
    {
        var start = await StartAsync(
            keys => keys.AddScheme("Agent").AddScheme("User")
                .Services.Configure<AuthenticationOptions>(options => options.DefaultScheme = "User"),
            app => app.MapGet("/a", () => "in").RequireScope("a"));
        Assert.That(start.Error, Is.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Start_SchemeWithTheNameOfAnother_FailsInEitherOrder(bool oursFirst)
    {
        var start = await StartUp.RunAsync(builder =>
        {
            Action[] both =
            [
                () => builder.Services.AddApiKeyAuth().AddInMemoryStore().AddScheme("Bearer"),
                () => builder.Services.AddAuthentication().AddJwtBearer(),
            ];
            foreach (var add in oursFirst ? both : both.Reverse())
            {
                add();
            }
        });
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "ApiKeyAuth:Schemes: Bearer is the name of another authentication scheme of this app; rename one of them.",
        }));
    }

    [Test]
    public async Task AddScheme_ConfiguredInAnotherCase_UsesBothSettings()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in")
                .RequireAuthorization(policy => policy.AddAuthenticationSchemes("Agent").RequireAuthenticatedUser()),
            keys: keys => keys.AddScheme("Agent", scheme => scheme.Headers = ["X-Code"]));
        using var response = await app.SendAsync("/", ("X-Code", await app.IssueAsync()));
        Assert.That((int)response.StatusCode, Is.EqualTo(StatusCodes.Status200OK));

        var builder = StartUp.CreateBuilder("Production", out _)
            .AddJson("""{ "ApiKeyAuth": { "Schemes": { "AGENT": { "AuthorizationSchemes": [], "Headers": "X-File" } } } }""");
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"))
            .AddScheme("Agent", scheme => scheme.Realm = "code");
        await using var both = builder.Build();
        var schemes = await both.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetAllSchemesAsync();
        Assert.That(schemes.Select(scheme => scheme.Name), Is.EqualTo(new[] { "Agent" }));
        var options = both.Services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get("Agent");
        Assert.That((options.AuthorizationSchemes.Count, options.Headers[0], options.Realm), Is.EqualTo((0, "X-File", "code")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task AddApiKeyAuth_HostWithADefaultScheme_KeepsIt(bool oursFirst)
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        Action[] both = [() => builder.Services.AddApiKeyAuth(), () => builder.Services.AddAuthentication("Bearer").AddJwtBearer()];
        foreach (var add in oursFirst ? both : both.Reverse())
        {
            add();
        }

        await using var app = builder.Build();
        var schemes = app.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        Assert.That((await schemes.GetDefaultAuthenticateSchemeAsync())!.Name, Is.EqualTo("Bearer"));
        Assert.That((await schemes.GetDefaultChallengeSchemeAsync())!.Name, Is.EqualTo("Bearer"));
        Assert.That((await schemes.GetSchemeAsync("ApiKey"))!.HandlerType, Is.EqualTo(typeof(ApiKeyHandler)));
    }

    [Test]
    public async Task AddApiKeyAuth_HostWithoutADefaultScheme_SetsNone()
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        builder.Services.AddApiKeyAuth();
        builder.Services.AddAuthentication().AddJwtBearer();
        await using var app = builder.Build();
        Assert.That(app.Services.GetRequiredService<IOptions<AuthenticationOptions>>().Value.DefaultScheme, Is.Null);
        Assert.That(await app.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetDefaultAuthenticateSchemeAsync(), Is.Null);
    }

    [Test]
    public async Task Start_PolicyProviderRegisteredAfterwards_Fails()
    {
        var start = await StartUp.RunAsync(builder =>
        {
            builder.Services.AddApiKeyAuth().AddInMemoryStore();
            builder.Services.AddSingleton<IAuthorizationPolicyProvider, DefaultAuthorizationPolicyProvider>();
        });
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "DefaultAuthorizationPolicyProvider was registered as IAuthorizationPolicyProvider after AddApiKeyAuth(), "
            + "which hides the scope policies; register it before AddApiKeyAuth().",
        }));
    }

    [Test]
    public async Task AddBearerForwarding_UnknownScheme_FailsAtStart()
    {
        var start = await StartAsync(keys => keys.AddBearerForwarding("Jwt"), app => app.MapGet("/a", () => "in").RequireScope("a"));
        Assert.That(start.Problems, Has.One.Items.And.Some.Contains("forwards to the scheme Jwt, which does not exist"));
    }

    private static Task<StartUp> StartAsync(Action<ApiKeyAuthBuilder> keys, Action<WebApplication> map) => StartUp.RunAsync(
        builder => keys(builder.Services.AddApiKeyAuth().AddInMemoryStore()),
        app =>
        {
            app.UseApiKeyAuth();
            map(app);
        });
}
