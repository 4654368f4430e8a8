using System.Net;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore.Authentication;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>The metadata of protected resources (RFC 9728), and how challenges name it.</summary>
internal sealed class ProtectedResourceTests
{
    private const string Metadata = "/.well-known/oauth-protected-resource";

    [Test]
    public async Task Metadata_OfAPath_ListsTheCatalog()
    {
        await using var app = await StartAsync(web => web.MapProtectedResource("/mcp", resource =>
        {
            resource.Name = "CRM";
            resource.DocumentationUrl = "https://example.com/docs";
            resource.AuthorizationServers.Add("https://login.example.com");
        }));

        var response = await app.Client.GetAsync($"{Metadata}/mcp");

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        Assert.That(
            await response.Content.ReadAsStringAsync(),
            Is.EqualTo($$"""
                {"resource":"{{Address(app)}}/mcp","resource_name":"CRM","resource_documentation":"https://example.com/docs",
                "authorization_servers":["https://login.example.com"],"scopes_supported":["leads:read","leads:write"],
                "bearer_methods_supported":["header"]}
                """.ReplaceLineEndings("")));
        Assert.That((await app.Client.GetAsync(Metadata)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Metadata_OfTheWholeApp_HasTheConfiguredAddressAndScopes()
    {
        await using var app = await StartAsync(
            web => web.MapProtectedResource(configure: resource =>
            {
                resource.BaseUrl = "https://api.example.com/";
                resource.Scopes.Add("leads:read");
            }),
            services: all => all.Configure<ApiKeySchemeOptions>("ApiKey", scheme => scheme.AuthorizationSchemes = []));

        Assert.That(
            await app.Client.GetStringAsync(Metadata),
            Is.EqualTo("""
                {"resource":"https://api.example.com","scopes_supported":["leads:read"],"bearer_methods_supported":[]}
                """));
    }

    [TestCase("/mcp", "Bearer resource_metadata=\"{0}\", scope=\"leads:write\"")]
    [TestCase("/mcp/any", "Bearer resource_metadata=\"{0}\", scope=\"leads:read leads:write\"")]
    [TestCase("/other", "Bearer")]
    public async Task Challenge_WithoutAKey_NamesTheMetadataAndTheScopesOfTheEndpoint(string path, string challenge)
    {
        await using var app = await StartAsync(web => web.MapProtectedResource("/mcp"));

        var response = await app.Client.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            response.Headers.WwwAuthenticate.ToString(),
            Is.EqualTo(challenge.Replace("{0}", $"{Address(app)}{Metadata}/mcp", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Challenge_WithAnInvalidKeyOrAMissingScope_NamesTheMetadataToo()
    {
        await using var app = await StartAsync(web => web.MapProtectedResource("/mcp"));
        var secret = await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("leads:read") });

        var (invalid, missing) = (await SendAsync(app, "wrong"), await SendAsync(app, secret));

        var metadata = $"resource_metadata=\"{Address(app)}{Metadata}/mcp\"";
        Assert.That(invalid, Is.EqualTo((401, $"Bearer error=\"invalid_token\", {metadata}, scope=\"leads:write\"")));
        Assert.That(missing, Is.EqualTo((403, $"Bearer error=\"insufficient_scope\", scope=\"leads:write\", {metadata}")));
    }

    [Test]
    public async Task Challenge_OfTheMostSpecificResource_IsNamed()
    {
        await using var app = await StartAsync(web =>
        {
            web.MapProtectedResource();
            web.MapProtectedResource("/mcp");
        });

        Assert.That(await ChallengeAsync(app, "/mcp"), Does.Contain($"{Metadata}/mcp\""));
        Assert.That(await ChallengeAsync(app, "/other"), Does.Contain($"{Metadata}\""));
        Assert.That(await ChallengeAsync(app, "/mcpx"), Is.Empty);
    }

    [Test]
    public async Task Challenge_TogetherWithTheSdksOwnHandler_NamesOneMetadata()
    {
        await using var app = await StartAsync(
            web =>
            {
                web.MapProtectedResource("/mcp");
                web.MapGet("/mcp/both", () => "ok").RequireAuthorization(policy => policy
                    .AddAuthenticationSchemes("ApiKey", McpAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser());
            },
            services: all => all.AddAuthentication().AddMcp(mcp =>
            {
                mcp.ForwardAuthenticate = "ApiKey";
                mcp.ResourceMetadata = new()
                {
                    Resource = "https://sdk.example.com/mcp",
                    AuthorizationServers = ["https://login.example.com"],
                };
            }));

        var both = await ChallengeAsync(app, "/mcp/both");

        Assert.That(both.Split("resource_metadata=").Length - 1, Is.EqualTo(1), both);
        Assert.That(await ChallengeAsync(app, "/mcp"), Does.Contain("resource_metadata=").And.Contain("scope="));
        Assert.That(
            await app.Client.GetStringAsync(both.Split('"').First(part => part.Contains(Metadata, StringComparison.Ordinal))),
            Does.Contain("https://sdk.example.com/mcp"));
    }

    [TestCase("mcp")]
    [TestCase("/mcp/")]
    [TestCase("/{name}")]
    [TestCase("/mcp?a=b")]
    public async Task Map_InvalidPath_Throws(string path)
    {
        await using var app = CreateApp();

        Assert.That(() => app.MapProtectedResource(path), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
    }

    [Test]
    public async Task Map_TwiceOrInAGroup_Throws()
    {
        await using var app = CreateApp();
        app.MapProtectedResource("/mcp");

        Assert.That(() => app.MapProtectedResource("/mcp"), Throws.InvalidOperationException);
        Assert.That(() => app.MapGroup("/v1").MapProtectedResource("/mcp"), Throws.ArgumentException);
    }

    [Test]
    public async Task Start_WithInvalidMetadata_FailsWithAllProblems()
    {
        var start = await StartUp.RunAsync(
            builder => builder.Services.AddApiKeyAuth(options => options.Scopes.Add(new() { Name = "leads:read" })).AddInMemoryStore(),
            web =>
            {
                web.UseApiKeyAuth();
                web.MapProtectedResource("/mcp", resource =>
                {
                    resource.BaseUrl = "api.example.com";
                    resource.DocumentationUrl = "docs";
                    resource.Scopes.Add("leads:admin");
                    resource.AuthorizationServers.Add("http://login.example.com");
                });
            });

        Assert.That(start.Problems, Has.Length.EqualTo(4).And.All.StartsWith("MapProtectedResource(\"/mcp\") has "));
        Assert.That(start.Problems[0], Does.Contain("leads:admin").And.Contain("catalog"));
    }

    private static Task<TestApp> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? services = null) =>
        TestApp.StartAsync(
            web =>
            {
                map(web);
                web.MapGet("/mcp", () => "ok").RequireScope("leads:write");
                web.MapGet("/mcp/any", () => "ok").RequireAuthorization(
                    policy => policy.AddAuthenticationSchemes("ApiKey").RequireAuthenticatedUser());
                web.MapGet("/other", () => "ok").RequireScope("leads:read");
            },
            all =>
            {
                all.Scopes.Add(new ScopeDefinition { Name = "leads:read" });
                all.Scopes.Add(new ScopeDefinition { Name = "leads:write" });
            },
            services: services);

    private static WebApplication CreateApp()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddApiKeyAuth().AddInMemoryStore();
        return builder.Build();
    }

    private static string Address(TestApp app) => app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private static async Task<string> ChallengeAsync(TestApp app, string path)
    {
        using var response = await app.Client.GetAsync(path);
        return response.Headers.WwwAuthenticate.ToString();
    }

    private static async Task<(int Status, string Challenge)> SendAsync(TestApp app, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Authorization = new("Bearer", secret);
        using var response = await app.Client.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.WwwAuthenticate.ToString());
    }
}
