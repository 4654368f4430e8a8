using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests callers that are identified by an access token.</summary>
public sealed class UserCallerTests
{
    [TestCase("a:read", """["a:read"]""", 201)]
    [TestCase("a:read b:read", """["b:read"]""", 201)]
    [TestCase("full", """["a:read"]""", 201)]
    [TestCase("a:read", """["b:read"]""", 403)]
    [TestCase("*", """["a:read"]""", 403)]
    [TestCase("a:*", """["a:read"]""", 403)]
    [TestCase("*", """["*"]""", 403)]
    [TestCase("a:read", "[]", 201)]
    public async Task Create_TokenWithScopes_IsLimitedToThem(string scopes, string requested, int status)
    {
        await using var app = await StartAsync(options => options.Management.MayGrant = (_, _) => true);
        var made = await CreateAsync(app, Jwts.Create(("scope", scopes), ("role", "admin")), $$"""{"name":"n","scopes":{{requested}}}""");
        Assert.That(made.Status, Is.EqualTo(status), made.Body);
        Assert.That(status == 201 ? made["createdBy"] : made.Code, Is.EqualTo(status == 201 ? "user:someone" : "insufficient_scope"));
    }

    [TestCase(true, """["a:read"]""", 201)]
    [TestCase(true, """["b:read"]""", 403)]
    [TestCase(true, """["*"]""", 403)]
    [TestCase(false, """["a:read"]""", 403)]
    [TestCase(false, "[]", 201)]
    public async Task Create_TokenWithoutScopes_IsLimitedByMayGrant(bool grants, string requested, int status)
    {
        await using var app = await StartAsync(options =>
        {
            if (grants)
            {
                options.Management.MayGrant = (user, scope) => user.IsInRole("admin") && scope == "a:read";
            }
        });
        var created = await CreateAsync(app, Jwts.Create(("role", "admin")), $$"""{"name":"n","scopes":{{requested}}}""");
        Assert.That(created.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Create_TokenOfATenant_StaysInItUnlessItMayCrossTenants()
    {
        await using var app = await StartAsync(options => options.Management.MayCrossTenants = user => user.IsInRole("root"));
        var token = Jwts.Create(("scope", "a:read"), ("tenant_id", "t1"), ("role", "admin"));
        var foreign = await CreateAsync(app, Jwts.Create(("scope", "a:read"), ("tenant_id", "t2"), ("role", "admin")));
        var made = await CreateAsync(app, token);
        Assert.That((made["tenantId"], foreign["tenantId"]), Is.EqualTo(("t1", "t2")));
        Assert.That((await ReadAsync(app, token, $"/api-keys/{foreign["id"]}")).Status, Is.EqualTo(404));
        Assert.That((await CreateAsync(app, token, """{"name":"n","tenantId":"t2"}""")).Fields, Is.EqualTo(new[] { "tenantId" }));
        var root = Jwts.Create(("role", "root"), ("role", "admin"));
        Assert.That((await ReadAsync(app, root, "/api-keys")).Json.GetProperty("keys").GetArrayLength(), Is.EqualTo(2));
        Assert.That((await ReadAsync(app, Jwts.Create(("role", "admin")), "/api-keys")).Json.GetProperty("keys").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task User_WhoDoesNotManageOthers_MakesAndSeesPersonalKeysOfHisOwnOnly()
    {
        await using var app = await StartAsync(options => options.Management.ManagesOthers = user => user.IsInRole("admin"));
        var admin = Jwts.Create(("scope", "a:read"), ("role", "admin"));
        var user = Jwts.Create(("scope", "a:read"));
        var shared = await CreateAsync(app, admin);

        var own = await CreateAsync(app, user);

        Assert.That((own.Status, own["kind"], own["ownerId"]), Is.EqualTo((201, "personal", "someone")));
        Assert.That((await CreateAsync(app, user, """{"name":"n","kind":"organization"}""")).Status, Is.EqualTo(403));
        Assert.That((await CreateAsync(app, user, """{"name":"n","ownerId":"u2"}""")).Status, Is.EqualTo(403));
        Assert.That(
            (await CreateAsync(app, admin, """{"name":"n","kind":"personal","ownerId":"u2"}""")).Status,
            Is.EqualTo(403),
            "no user can create a personal key of another user");
        Assert.That((await ReadAsync(app, user, "/api-keys?total=true"))["total"], Is.EqualTo("1"));
        Assert.That((await ReadAsync(app, user, $"/api-keys/{shared["id"]}")).Status, Is.EqualTo(404));
        Assert.That((await ReadAsync(app, user, $"/api-keys/{shared["id"]}/audit")).Status, Is.EqualTo(404));
        Assert.That((await ReadAsync(app, user, $"/api-keys/{own["id"]}/audit")).Status, Is.EqualTo(200));
        Assert.That((await ReadAsync(app, admin, $"/api-keys/{own["id"]}")).Status, Is.EqualTo(200), "who manages others sees it");
        var other = ApiKeyCaller.User("u9", null, ScopeSet.Create(["*"]));
        var rotated = await app.ManageAsync(manager => manager.RotateAsync(other, own["id"]!, new ApiKeyRotation()));
        Assert.That(rotated.Error!.StatusCode, Is.EqualTo(403), "its secret is for its owner alone");
    }

    [Test]
    public async Task Policies_PerGroup_ProtectEachGroup()
    {
        await using var app = await ManagedApp.StartAsync(
            services: all =>
            {
                all.AddJwt();
                all.AddAuthorizationBuilder()
                    .AddPolicy("r", policy => policy.AddAuthenticationSchemes("Bearer").RequireClaim("settings", "r"))
                    .AddPolicy("w", policy => policy.AddAuthenticationSchemes("Bearer").RequireClaim("settings", "w"));
            },
            policies: keys =>
            {
                keys.Read.RequireAuthorization("r");
                keys.Write.RequireAuthorization("w");
                keys.Verify.RequireAuthorization(new RequireScopeAttribute("keys:verify") { AuthenticationSchemes = "ApiKey" });
            });
        var reader = Jwts.Create(("settings", "r"));
        Assert.That((await ReadAsync(app, reader, "/api-keys")).Status, Is.EqualTo(200));
        Assert.That((await CreateAsync(app, reader)).Status, Is.EqualTo(403));
        Assert.That((await ReadAsync(app, Jwts.Create(("settings", "w")), "/api-keys")).Status, Is.EqualTo(403));
        Assert.That((await ReadAsync(app, "", "/api-keys")).Status, Is.EqualTo(401));
    }

    private static Task<ManagedApp> StartAsync(Action<ApiKeyAuthOptions> configure) => ManagedApp.StartAsync(
        options =>
        {
            foreach (var scope in new[] { "a:read", "b:read" })
            {
                options.Scopes.Add(new ScopeDefinition { Name = scope });
            }

            options.Scopes.Add(new ScopeDefinition { Name = "full", Implies = ["a:read"] });
            options.Management.ManagesOthers = user => user.IsInRole("admin");
            configure(options);
        },
        all =>
        {
            all.AddJwt();
            all.AddSingleton<IApiKeyOwnerPermissions>(new Owners());
        },
        keys => keys.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Bearer" }));

    private static Task<ManagedApp.Answer> CreateAsync(
        ManagedApp app, string token, string body = """{"name":"n","scopes":["a:read"]}""") =>
        app.SendAsync(HttpMethod.Post, "/api-keys", null, body, token);

    private static Task<ManagedApp.Answer> ReadAsync(ManagedApp app, string token, string path) =>
        app.SendAsync(HttpMethod.Get, path, null, bearer: token);
}
