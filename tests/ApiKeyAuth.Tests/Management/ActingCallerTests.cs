using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Tests.Usage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>A request with several credentials acts for the one that met the scope requirement, and for no other.</summary>
public sealed class ActingCallerTests
{
    private static readonly string TokenOfA = Jwts.Create(("scope", "keys:read keys:write keys:verify"), ("tenant_id", "tenant_a"));

    [Test]
    public async Task Manage_TokenHasTheScopeAndKeyIsOfAnotherTenant_ActsForTheToken([Values] bool isOwnPolicy)
    {
        await using var app = await StartAsync(isOwnPolicy);
        var (own, foreign, key) = await IssueAsync(app);

        var list = await SendAsync(app, HttpMethod.Get, "/api-keys", key);
        var made = await SendAsync(app, HttpMethod.Post, "/api-keys", key, """{"name":"n"}""");
        var revoked = await SendAsync(app, HttpMethod.Post, $"/api-keys/{foreign}/revoke", key);
        var deleted = await SendAsync(app, HttpMethod.Delete, $"/api-keys/{foreign}", key);

        Assert.That(
            list.Json.GetProperty("keys").EnumerateArray().Select(item => item.GetProperty("id").GetString()), Is.EqualTo(new[] { own }));
        Assert.That((made.Status, made["tenantId"], made["createdBy"]), Is.EqualTo((201, "tenant_a", "user:someone")), made.Body);
        Assert.That((revoked.Status, deleted.Status), Is.EqualTo((404, 404)));
        Assert.That((await app.Store.Inner.GetAsync(foreign, CancellationToken.None))!.RevokedAt, Is.Null);
    }

    [Test]
    public async Task Manage_KeyHasTheScopeAndTokenIsOfAnotherTenant_ActsForTheKey()
    {
        await using var app = await StartAsync(isOwnPolicy: false);
        var admin = await app.AdminAsync(key => key with { TenantId = "tenant_b" });
        var made = await app.SendAsync(
            HttpMethod.Post, "/api-keys", admin, """{"name":"n"}""", Jwts.Create(("scope", "other"), ("tenant_id", "tenant_a")));
        Assert.That((made.Status, made["tenantId"], made["createdBy"]), Is.EqualTo((201, "tenant_b", "key:key1")), made.Body);
    }

    [Test]
    public async Task Manage_OptionsOfTheApp_ReceiveTheActingIdentityOnly()
    {
        var asked = new List<string>();
        await using var app = await StartAsync(isOwnPolicy: false, options =>
        {
            options.Management.TenantIdSelector = user => Note(user, user.FindFirst("tenant_id")?.Value);
            options.Management.MayCrossTenants = user => Note(user, false);
            options.Management.ManagesOthers = user => Note(user, true);
        });
        var (_, _, key) = await IssueAsync(app);
        await SendAsync(app, HttpMethod.Get, "/api-keys", key);
        Assert.That(asked, Is.Not.Empty.And.All.EqualTo("tenant_a"));

        T Note<T>(System.Security.Claims.ClaimsPrincipal user, T value)
        {
            asked.Add(string.Join(' ', user.FindAll("tenant_id").Select(claim => claim.Value)));
            return value;
        }
    }

    [Test]
    public async Task Manage_TwoTokensOneWithTheScopeOneWithTheTenant_ActsForTheOneWithTheScope()
    {
        await using var app = await StartAsync(isOwnPolicy: false, schemes: "Bearer,Second");
        var (own, _, _) = await IssueAsync(app);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api-keys");
        request.Headers.Add("Authorization", "Bearer " + Jwts.Create(("scope", "keys:read")));
        request.Headers.Add("X-Second", Jwts.Create(("tenant_id", "tenant_a")));
        using var answer = await app.App.Client.SendAsync(request);
        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        Assert.That(await answer.BodyAsync(), Does.Not.Contain(own), "a caller without a tenant sees keys without a tenant");
    }

    [Test]
    public async Task Endpoint_KeyWithoutTheScopeAndTokenWithIt_HasNoKeyAndChargesNone()
    {
        await using var app = await StartAsync(isOwnPolicy: false);
        var reader = await app.App.IssueAsync(key => key with
        {
            TenantId = "tenant_b",
            Scopes = TestApp.Scopes("data:read"),
            RateLimits = [new RateLimit(1, TimeSpan.FromHours(1))],
        });
        var token = Jwts.Create(("scope", "data:write"), ("tenant_id", "tenant_a"));
        for (var i = 0; i < 3; i++)
        {
            using var answer = await app.App.GetAsync("/write", reader, token);
            Assert.That(await answer.BodyAsync(), Is.EqualTo("none"));
            Assert.That(answer.Lines("X-RateLimit-Limit"), Is.Empty);
        }

        Assert.That(await CountedApp.OutcomesAsync(app), Is.Empty);
    }

    [Test]
    public async Task Endpoint_ScopesOfTwoIdentities_AreNotCombined()
    {
        await using var app = await StartAsync(isOwnPolicy: false);
        var reader = await app.App.IssueAsync(key => key with { Scopes = TestApp.Scopes("data:read") });
        using var split = await app.App.GetAsync("/both", reader, Jwts.Create(("scope", "data:write")));
        using var whole = await app.App.GetAsync("/both", reader, Jwts.Create(("scope", "data:read data:write")));
        await split.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(await whole.BodyAsync(), Is.EqualTo("none"));
    }

    [Test]
    public async Task Endpoint_PolicyWithoutScopeAndTwoCredentials_HasNoKeyAndRejectsManagement()
    {
        await using var app = await StartAsync(isOwnPolicy: false, policies: keys =>
            keys.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey,Bearer" }));
        var admin = await app.AdminAsync();
        var both = await app.SendAsync(HttpMethod.Get, "/api-keys", admin, bearer: TokenOfA);
        using var key = await app.App.GetAsync("/caller", admin, TokenOfA);
        Assert.That((both.Status, both.Code), Is.EqualTo((403, "forbidden")));
        Assert.That(both["detail"], Does.Contain("send one"));
        Assert.That(await key.BodyAsync(), Is.EqualTo("none"));
        Assert.That((await app.GetAsync("/api-keys", admin)).Status, Is.EqualTo(200));
        Assert.That(await (await app.App.GetAsync("/caller", admin)).BodyAsync(), Is.EqualTo("key1"));
    }

    [Test]
    public async Task Manage_TokenWithTwoTenants_IsForbidden()
    {
        await using var app = await StartAsync(isOwnPolicy: false);
        var two = Jwts.Create(("scope", "keys:read"), ("tenant_id", "tenant_a"), ("tenant_id", "tenant_b"));
        var same = Jwts.Create(("scope", "keys:read"), ("tenant_id", "tenant_a"), ("tenant_id", "tenant_a"));
        var rejected = await app.SendAsync(HttpMethod.Get, "/api-keys", null, bearer: two);
        Assert.That((rejected.Status, rejected.Code), Is.EqualTo((403, "forbidden")), rejected.Body);
        Assert.That(rejected["detail"], Does.Contain("more than one tenant"));
        Assert.That((await app.SendAsync(HttpMethod.Get, "/api-keys", null, bearer: same)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Manage_KeyToWhichTheAppAddsASecondTenant_IsForbidden()
    {
        await using var app = await StartAsync(
            isOwnPolicy: false,
            keys: auth => auth.Services.Configure<ApiKeySchemeOptions>("ApiKey", scheme =>
            scheme.Events.OnValidated = context =>
            {
                ((System.Security.Claims.ClaimsIdentity)context.Principal!.Identity!).AddClaim(new("tenant_id", "tenant_c"));
                return Task.CompletedTask;
            }));
        var admin = await app.AdminAsync(key => key with { TenantId = "tenant_b" });
        Assert.That((await app.GetAsync("/api-keys", admin)).Status, Is.EqualTo(403));
    }

    private static Task<ManagedApp> StartAsync(
        bool isOwnPolicy,
        Action<ApiKeyAuthOptions>? options = null,
        string schemes = "ApiKey,Bearer",
        Action<ApiKeyEndpoints>? policies = null,
        Action<ApiKeyAuthBuilder>? keys = null) => ManagedApp.StartAsync(
        all =>
        {
            all.Management.ManagesOthers = _ => true;
            options?.Invoke(all);
        },
        services =>
        {
            services.AddJwt();
            services.AddAuthentication().AddTestJwt("Second", "X-Second");
            services.AddAuthorizationBuilder()
                .AddPolicy("manage", policy => policy.AddAuthenticationSchemes("ApiKey", "Bearer").RequireScope("keys:write"))
                .AddPolicy("read", policy => policy.AddAuthenticationSchemes("ApiKey", "Bearer").RequireScope("keys:read"));
        },
        policies ?? (mapped =>
        {
            if (isOwnPolicy)
            {
                mapped.Read.RequireAuthorization("read");
                mapped.Write.RequireAuthorization("manage");
                mapped.Verify.RequireAuthorization(new RequireScopeAttribute("keys:verify") { AuthenticationSchemes = "ApiKey" });
            }
            else
            {
                mapped.RequireKeyScopes(schemes);
            }
        }),
        keys: keys,
        endpoints: web =>
        {
            web.MapGet("/write", Key)
                .RequireAuthorization(new RequireScopeAttribute("data:write") { AuthenticationSchemes = "ApiKey,Bearer" });
            web.MapGet("/caller", Key).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey,Bearer" });
            web.MapGroup("").RequireAuthorization(new RequireScopeAttribute("data:read") { AuthenticationSchemes = "ApiKey,Bearer" })
                .MapGet("/both", Key).RequireScope("data:write");
        });

    private static string Key(HttpContext context) => context.GetApiKey()?.Id ?? "none";

    /// <summary>Issues a key of each tenant. The second may only read data.</summary>
    private static async Task<(string Own, string Foreign, string Key)> IssueAsync(ManagedApp app)
    {
        await app.App.IssueAsync(key => key with { Id = "own", TenantId = "tenant_a" });
        var secret = await app.App.IssueAsync(
            key => key with { Id = "foreign", TenantId = "tenant_b", Scopes = TestApp.Scopes("data:read") });
        return ("own", "foreign", secret);
    }

    private static Task<ManagedApp.Answer> SendAsync(ManagedApp app, HttpMethod method, string path, string key, string? body = null) =>
        app.SendAsync(method, path, key, body, TokenOfA);
}
