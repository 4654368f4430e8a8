using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ApiKeyAuth.Tests.OpenApi;

/// <summary>Tests the security schemes and requirements of generated documents.</summary>
public sealed class SecurityTests
{
    [Test]
    public async Task Document_DefaultScheme_DescribesBothPlacesOnce()
    {
        var json = await DocumentApp.GenerateAsync(web =>
        {
            web.MapGet("/a", () => "in").RequireScope("a:read", "a:list");
            web.MapGet("/b", () => "in").RequireAuthorization();
        });

        Assert.That(
            json.Text("components", "securitySchemes"),
            Is.EqualTo(
                "{'ApiKey.Bearer':{'type':'http','description':'An API key, such as key_live_….','scheme':'bearer',"
                + "'bearerFormat':'key'},"
                + "'ApiKey.X-API-Key':{'type':'apiKey','description':'An API key, such as key_live_….','name':'X-API-Key',"
                + "'in':'header'}}"));
        Assert.That(
            json.Text("paths", "/a", "get", "security"),
            Is.EqualTo("[{'ApiKey.Bearer':['a:read','a:list']},{'ApiKey.X-API-Key':['a:read','a:list']}]"));
        Assert.That(json.Text("paths", "/b", "get", "security"), Is.EqualTo("[{'ApiKey.Bearer':[]},{'ApiKey.X-API-Key':[]}]"));
    }

    [Test]
    public async Task Document_RequiredScopes_AreAnExtensionAndASentence()
    {
        var json = await DocumentApp.GenerateAsync(web =>
        {
            web.MapGet("/a", () => "in").RequireScope("a:read", "a:list").WithDescription("Lists.");
            web.MapGet("/b", () => "in").RequireScope("b").RequireAnyScope("c", "d");
            web.MapGet("/c", () => "in").RequireAuthorization();
        });

        Assert.That(json.Text("paths", "/a", "get", "x-required-scopes"), Is.EqualTo("['a:read','a:list']"));
        Assert.That(
            json.At("paths", "/a", "get", "description").GetString(), Is.EqualTo("Lists.\n\nRequires the scopes `a:read`, `a:list`."));
        Assert.That(json.Text("paths", "/b", "get", "x-required-scopes"), Is.EqualTo("['b',['c','d']]"));
        Assert.That(
            json.At("paths", "/b", "get", "description").GetString(),
            Is.EqualTo("Requires the scope `b`. Requires one of the scopes `c`, `d`."));
        Assert.That(
            json.Text("paths", "/b", "get", "security"),
            Is.EqualTo(
                "[{'ApiKey.Bearer':['b','c']},{'ApiKey.Bearer':['b','d']},{'ApiKey.X-API-Key':['b','c']},{'ApiKey.X-API-Key':['b','d']}]"));
        Assert.That(json.Names("paths", "/c", "get"), Does.Not.Contain("x-required-scopes").And.Not.Contain("description"));
    }

    [Test]
    public async Task Document_AnonymousOperation_HasEmptySecurity()
    {
        var json = await DocumentApp.GenerateAsync(web =>
        {
            web.MapGet("/a", () => "in").RequireScope("a");
            web.MapGet("/open", () => "in");
            web.MapGet("/allowed", () => "in").RequireAuthorization().AllowAnonymous();
        });
        Assert.That(json.Text("paths", "/open", "get", "security"), Is.EqualTo("[]"));
        Assert.That(json.Text("paths", "/allowed", "get", "security"), Is.EqualTo("[]"));
        Assert.That(json.Names("paths", "/open", "get", "responses"), Is.EqualTo(new[] { "200" }));
    }

    [Test]
    public async Task Document_NoOperationWithKeys_IsNotChanged()
    {
        static void Map(WebApplication web) => web.MapGet("/open", () => "in");
        var described = await DocumentApp.GenerateAsync(Map);
        var plain = await DocumentApp.GenerateAsync(Map, document: _ => { });
        foreach (var part in new[] { "paths", "info" })
        {
            Assert.That(described.Text(part), Is.EqualTo(plain.Text(part)));
        }

        Assert.That(described.Names(), Is.EqualTo(plain.Names()));
    }

    [Test]
    public async Task Document_TwoSchemesOfOneHeader_KeepTheirOwnExamples()
    {
        var json = await DocumentApp.GenerateAsync(
            web =>
            {
                web.MapGet("/user", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "User" });
                web.MapGet("/agent", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "My agent" });
                web.MapGet("/both", () => "in").RequireScope("a");
            },
            keys: auth => auth
                .AddScheme("User", scheme => Use(scheme, "live"))
                .AddScheme("My agent", scheme => Use(scheme, "test")));

        Assert.That(
            json.Text("components", "securitySchemes"),
            Is.EqualTo(
                "{'User':{'type':'apiKey','description':'An API key, such as key_live_….','name':'X-Key','in':'header'},"
                + "'My_agent':{'type':'apiKey','description':'An API key, such as key_test_….','name':'X-Key','in':'header'}}"));
        Assert.That(json.Text("paths", "/user", "get", "security"), Is.EqualTo("[{'User':[]}]"));
        Assert.That(json.Text("paths", "/agent", "get", "security"), Is.EqualTo("[{'My_agent':[]}]"));
        Assert.That(json.Text("paths", "/both", "get", "security"), Is.EqualTo("[{'User':['a']},{'My_agent':['a']}]"));
    }

    [Test]
    public async Task Document_QueryAndOtherWord_AreDescribed()
    {
        var json = await DocumentApp.GenerateAsync(
            web => web.MapGet("/a", () => "in").RequireAuthorization(),
            keys: auth => auth.AddScheme("ApiKey", scheme =>
            {
                (scheme.AuthorizationSchemes, scheme.Headers, scheme.UnsafeQueryParameter) = (["Token"], [], "api_key");
            }));
        Assert.That(
            json.Text("components", "securitySchemes"),
            Is.EqualTo(
                "{'ApiKey.Token':{'type':'http','description':'An API key, such as key_live_….','scheme':'Token'},"
                + "'ApiKey.api_key':{'type':'apiKey','description':'An API key, such as key_live_….','name':'api_key','in':'query'}}"));
    }

    [Test]
    public async Task Document_OpenApi30_HasNoScopesInSecurity()
    {
        var json = await DocumentApp.GenerateAsync(
            web => web.MapGet("/a", () => "in").RequireAnyScope("a", "b"),
            document: options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
                options.AddApiKeyAuth();
            });
        Assert.That(json.Text("paths", "/a", "get", "security"), Is.EqualTo("[{'ApiKey.Bearer':[]},{'ApiKey.X-API-Key':[]}]"));
        Assert.That(json.Text("paths", "/a", "get", "x-required-scopes"), Is.EqualTo("[['a','b']]"));
    }

    [TestCase(true, "[{'ApiKey.Bearer':['a']},{'ApiKey.X-API-Key':['a']},{'Bearer':[]}]")]
    [TestCase(false, "[{'ApiKey.Bearer':['a']},{'ApiKey.X-API-Key':['a']}]")]
    public async Task Document_ForwardingToATokenScheme_ListsItIfDescribed(bool isDescribed, string security)
    {
        var json = await DocumentApp.GenerateAsync(
            web =>
            {
                web.MapGet("/both", () => "in").RequireScope("a");
                web.MapGet("/token", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Bearer" });
            },
            keys: auth =>
            {
                auth.Services.AddAuthentication().AddJwtBearer();
                auth.AddBearerForwarding(JwtBearerDefaults.AuthenticationScheme);
            },
            document: options => (isDescribed ? DescribeTokens(options) : options).AddApiKeyAuth());
        Assert.That(json.Text("paths", "/both", "get", "security"), Is.EqualTo(security));
        Assert.That(json.Names("paths", "/token", "get"), Does.Not.Contain("security"), "it is not ours");
        Assert.That(
            json.Names("components", "responses", "ApiKeyUnauthorized", "content", "application/problem+json", "examples"),
            Is.EqualTo(new[] { "missing_api_key", "invalid_api_key", "expired_api_key", "missing_credentials", "invalid_token" }));
    }

    [Test]
    public async Task Document_AddedTwice_IsTheSame()
    {
        static void Map(WebApplication web) => web.MapGet("/a", () => "in").RequireScope("a").RequireAuthorization();
        var once = await DocumentApp.GenerateAsync(Map);
        var twice = await DocumentApp.GenerateAsync(Map, document: options => options.AddApiKeyAuth().AddApiKeyAuth());
        foreach (var part in new[] { "paths", "components" })
        {
            Assert.That(twice.Text(part), Is.EqualTo(once.Text(part)));
        }
    }

    private static void Use(ApiKeySchemeOptions scheme, string environment)
    {
        (scheme.AuthorizationSchemes, scheme.Headers) = ([], ["X-Key"]);
        scheme.Environments.Add(environment);
    }

    private static OpenApiOptions DescribeTokens(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.AddComponent<IOpenApiSecurityScheme>(
            "Bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" });
        return Task.CompletedTask;
    });
}
