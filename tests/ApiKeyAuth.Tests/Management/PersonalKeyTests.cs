using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

public sealed class PersonalKeyTests
{
    [TestCase("a:read", "a:read", 200)]
    [TestCase("a:read", "*", 200)]
    [TestCase("a:read", "a:*", 200)]
    [TestCase("*", "a:read", 200)]
    [TestCase("a:*", "a:read", 200)]
    [TestCase("full", "a:read", 200)]
    [TestCase("a:read", "full", 200)]
    [TestCase("full", "full", 200)]
    [TestCase("a:read", "b:read", 403)]
    [TestCase("*", "b:*", 403)]
    [TestCase("b:read", "*", 403)]
    [TestCase("a:read", "", 403)]
    public async Task Request_PersonalKey_HasTheScopesThatBothHave(string grant, string owner, int status)
    {
        var (app, owners, secret) = await StartAsync(grant);
        await using var _ = app;
        owners.Scopes = Set(owner);
        Assert.That(await app.UseAsync(secret), Is.EqualTo(status));
        Assert.That(owners.Asked, Is.EqualTo(("u1", "t1")));
    }

    [Test]
    public async Task Request_OwnersPermissionsChange_ApplyToTheNextRequest()
    {
        var (app, owners, secret) = await StartAsync("a:read");
        await using var _ = app;
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        owners.Scopes = Set("b:read");
        Assert.That(await app.UseAsync(secret), Is.EqualTo(403));
        owners.Scopes = Set("a:read");
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        owners.Scopes = null;
        var gone = await app.GetAsync("/a", secret);
        var unknown = await app.GetAsync("/a", app.App.NewSecret());
        Assert.That((gone.Status, gone.Untraced), Is.EqualTo((401, unknown.Untraced)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Request_OwnerPermissionsUnavailable_Is503WithoutDetails(bool hangs)
    {
        var (app, owners, secret) = await StartAsync("a:read");
        await using var _ = app;
        (owners.IsDown, owners.Hangs) = (!hangs, hangs);
        var request = app.GetAsync("/a", secret);
        while (hangs && !request.IsCompleted)
        {
            app.App.Clock.Advance(TimeSpan.FromSeconds(2));
            await Task.WhenAny(request, Task.Delay(20));
        }

        var answer = await request;

        Assert.That((answer.Status, answer.Code, answer.Header("Retry-After")), Is.EqualTo((503, "key_store_unavailable", "2")));
        Assert.That(app.App.Logs.Entries.Where(entry => entry.Text.Contains("hunter2", StringComparison.Ordinal)), Is.Empty);
        Assert.That(app.App.Logs.Entries.Where(entry => entry.EventId == 5), Is.Not.Empty);
    }

    [Test]
    public async Task Request_PersonalKey_HasClaimsOfItsCurrentScopes()
    {
        var (app, owners, secret) = await StartAsync("*");
        await using var _ = app;
        owners.Scopes = Set("full");
        Assert.That((await app.GetAsync("/claims", secret)).Body, Is.EqualTo("full a:read"));
    }

    [Test]
    public async Task Request_PersonalKeyWithoutOwnerOrPermissions_IsRejected()
    {
        var (app, _, _) = await StartAsync("a:read");
        await using var with = app;
        var ownerless = await app.App.IssueAsync(key => key with { Kind = ApiKeyKinds.Personal, Scopes = Set("a:read") });
        Assert.That(await app.UseAsync(ownerless), Is.EqualTo(401));

        await using var without = await ManagedApp.StartAsync();
        var secret = await without.App.IssueAsync(key => key with { Kind = ApiKeyKinds.Personal, OwnerId = "u1", Scopes = Set("a:read") });
        Assert.That(await without.UseAsync(secret), Is.EqualTo(401));
        Assert.That(
            without.App.Logs.Entries.Single(entry => entry.EventId == 4).Text, Does.Contain("IApiKeyOwnerPermissions").And.Contain("key1"));
        var refused = await without.PostAsync(
            "/api-keys", await without.AdminAsync(key => key with { OwnerId = "u1" }), """{"name":"n","kind":"personal"}""");
        Assert.That(refused.Fields, Is.EqualTo(new[] { "kind" }));
        Assert.That(refused.Body, Does.Contain("IApiKeyOwnerPermissions"));
    }

    [Test]
    public async Task Caller_PersonalKey_GrantsOnlyCurrentPermissionsOfItsOwner()
    {
        var (app, owners, _) = await StartAsync("a:read");
        await using var _1 = app;
        var maker = await app.AdminAsync(
            key => key with { Kind = ApiKeyKinds.Personal, OwnerId = "u1", TenantId = "t1" }, "a:read", "b:read");
        owners.Scopes = Set("keys:write keys:read a:read");
        var made = await app.PostAsync("/api-keys", maker, """{"name":"n","scopes":["a:read"]}""");
        Assert.That((made.Status, made["kind"], made["ownerId"]), Is.EqualTo((201, "personal", "u1")));
        Assert.That(
            (await app.PostAsync("/api-keys", maker, """{"name":"n","scopes":["b:read"]}""")).Code, Is.EqualTo("insufficient_scope"));
        Assert.That((await app.PostAsync("/api-keys", maker, """{"name":"n","kind":"service"}""")).Status, Is.EqualTo(403));
        owners.Scopes = Set("keys:read");
        Assert.That((await app.PostAsync("/api-keys", maker, """{"name":"n"}""")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Limit_PersonalKey_AppliesAcrossRequests()
    {
        var (app, _, _) = await StartAsync("a:read");
        await using var _1 = app;
        var secret = await app.App.IssueAsync(
            key => key with
            {
                Kind = ApiKeyKinds.Personal,
                OwnerId = "u1",
                Scopes = Set("a:read"),
                RateLimits = RateLimit.ParseList("2/hour"),
            });
        Assert.That((await app.UseAsync(secret), await app.UseAsync(secret), await app.UseAsync(secret)), Is.EqualTo((200, 200, 429)));
    }

    private static ScopeSet Set(string scopes) => ScopeSet.Create(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static async Task<(ManagedApp App, Owners Owners, string Secret)> StartAsync(string grant)
    {
        var owners = new Owners();
        var app = await ManagedApp.StartAsync(
            options =>
            {
                foreach (var scope in new[] { "keys:read", "keys:write", "keys:verify", "a:read", "b:read" })
                {
                    options.Scopes.Add(new ScopeDefinition { Name = scope });
                }

                options.Scopes.Add(new ScopeDefinition { Name = "full", Implies = ["a:read"] });
            },
            all => all.AddScoped<IApiKeyOwnerPermissions>(_ => owners),
            endpoints: web => web.MapGet(
                "/claims", (ClaimsPrincipal user) => string.Join(' ', user.FindAll(ApiKeyClaimTypes.Scope).Select(claim => claim.Value)))
                .RequireAuthorization());
        var secret = await app.App.IssueAsync(
            key => key with { Kind = ApiKeyKinds.Personal, OwnerId = "u1", TenantId = "t1", Scopes = Set(grant) });
        return (app, owners, secret);
    }
}
