using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests which owner a key may set, and as whom it acts.</summary>
public sealed class OwnerTests
{
    private static readonly string Sha256 = new('0', 64);

    [TestCase("service")]
    [TestCase("organization")]
    [TestCase("agent")]
    public async Task Create_KeySetsAUserAsOwner_IsRejected(string kind)
    {
        await using var app = await StartAsync();
        var admin = await app.AdminAsync();

        var refused = await app.PostAsync("/api-keys", admin, $$"""{"name":"n","kind":"{{kind}}","scopes":[],"ownerId":"alice"}""");

        Assert.That((refused.Status, refused.Code), Is.EqualTo((403, "forbidden")), refused.Body);
        Assert.That(refused["detail"], Does.Contain("ownerId"));
        Assert.That((await app.GetAsync("/api-keys?total=true", admin))["total"], Is.EqualTo("1"));
    }

    [Test]
    public async Task AnyCall_ServiceKeyOwnedByAUser_DoesNotActAsThatUser()
    {
        await using var app = await StartAsync();
        var service = await app.AdminAsync(key => key with { Kind = "service", OwnerId = "alice" });
        await app.App.IssueAsync(key => key with { Id = "hers", Kind = "personal", OwnerId = "alice" });

        var created = await app.PostAsync("/api-keys", service, """{"name":"n","kind":"personal","scopes":[]}""");
        var named = await app.PostAsync("/api-keys", service, """{"name":"n","kind":"personal","scopes":[],"ownerId":"alice"}""");
        var labelled = await app.PostAsync("/api-keys", service, """{"name":"n","scopes":[],"ownerId":"alice"}""");
        var rotated = await app.PostAsync("/api-keys/hers/rotate", service, "{}");

        Assert.That(created.Fields, Is.EqualTo(new[] { "ownerId" }), "it has no user of its own to create it for");
        Assert.That((named.Status, labelled.Status, rotated.Status), Is.EqualTo((403, 403, 403)));
    }

    [Test]
    public async Task Create_KeyThatManagesOthers_SetsAnyOwnerButActsAsNone()
    {
        await using var app = await StartAsync(_ => true);
        var admin = await app.AdminAsync();

        var labelled = await app.PostAsync("/api-keys", admin, """{"name":"n","scopes":[],"ownerId":"alice"}""");
        Assert.That(labelled["ownerId"], Is.EqualTo("alice"));
        var personal = await app.PostAsync("/api-keys", admin, """{"name":"n","kind":"personal","scopes":[],"ownerId":"alice"}""");
        Assert.That(personal.Status, Is.EqualTo(403));
    }

    [TestCase("""{"name":"n","kind":"service","scopes":[]}""", 201)]
    [TestCase("""{"name":"n","kind":"service","scopes":[],"ownerId":"someone"}""", 201)]
    [TestCase("""{"name":"n","kind":"service","scopes":[],"ownerId":"alice"}""", 201)]
    [TestCase("""{"name":"n","kind":"personal","scopes":[],"ownerId":"alice"}""", 403)]
    public async Task Create_UserWhoManagesOthers_CreatesServiceKeysOfAnyOwner(string body, int status)
    {
        await using var app = await StartAsync(_ => true);
        var created = await app.SendAsync(HttpMethod.Post, "/api-keys", null, body, Jwts.Create(("scope", "keys:write")));
        Assert.That(created.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Create_PersonalKey_ActsAsItsOwner()
    {
        await using var app = await StartAsync();
        var hers = await app.AdminAsync(key => key with { Kind = "personal", OwnerId = "alice" });

        var own = await app.PostAsync("/api-keys", hers, """{"name":"n","scopes":[],"ownerId":"alice"}""");

        Assert.That((own.Status, own["kind"], own["ownerId"]), Is.EqualTo((201, "personal", "alice")));
        Assert.That((await app.PostAsync("/api-keys", hers, """{"name":"n","scopes":[],"ownerId":"bob"}""")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Import_KeySetsAUserAsOwner_IsRejectedUnlessTheAppCalls()
    {
        await using var app = await StartAsync();
        var imported = new ImportedApiKey { Key = new NewApiKey { Name = "n", Scopes = [], OwnerId = "alice" }, Hash = Sha256 };
        var admin = await app.AdminAsync();

        Assert.That((await app.PostAsync("/import", admin)).Status, Is.EqualTo(403));
        var bySystem = await app.ManageAsync(manager => manager.ImportAsync(ApiKeyCaller.System, [imported]));
        Assert.That(bySystem[0].Value?.OwnerId, Is.EqualTo("alice"));
    }

    [Test]
    public async Task Caller_UserIdThatCannotBeStored_IsRejected()
    {
        await using var app = await StartAsync();
        ApiKeyCaller? Read(int length) => new DefaultHttpContext
        {
            RequestServices = app.App.Services,
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", new string('x', length))], "Bearer")),
        }.GetApiKeyCaller();
        Assert.That((Read(395)?.UserId?.Length, Read(396)), Is.EqualTo((395, (ApiKeyCaller?)null)));
        Assert.That(() => ApiKeyCaller.User(new string('x', 396), null, ScopeSet.Empty), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ApiKeyCaller.User(new string('x', 395), null, ScopeSet.Empty), Throws.Nothing);
    }

    private static Task<ManagedApp> StartAsync(Func<ClaimsPrincipal, bool>? managesOthers = null) => ManagedApp.StartAsync(
        options => options.Management.ManagesOthers = managesOthers ?? (_ => false),
        all =>
        {
            all.AddJwt();
            all.AddSingleton<IApiKeyOwnerPermissions>(new Owners());
        },
        keys => keys.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey,Bearer" }),
        endpoints: web => web.MapPost("/import", async (HttpContext context, ApiKeyManager keys) =>
        {
            var imported = new ImportedApiKey { Key = new NewApiKey { Name = "n", Scopes = [], OwnerId = "alice" }, Hash = Sha256 };
            return (await keys.ImportAsync(context.GetApiKeyCaller()!, [imported]))[0] is { Error: { } problem } ? problem : Results.Ok();
        }).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey" }));
}
