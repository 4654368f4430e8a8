using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests which keys a key may change, depending on the environments of both.</summary>
public sealed class EnvironmentTests
{
    private static readonly (string Method, string Path, string? Body)[] Changes =
    [
        ("PATCH", "", """{"enabled":false}"""), ("PATCH", "", """{"name":"m"}"""), ("POST", "/rotate", "{}"), ("POST", "/revoke", null),
        ("DELETE", "", null), ("PUT", "/alerts", "{}"), ("DELETE", "/alerts", null),
    ];

    [TestCase("test", "live", "belongs to the environment test")]
    [TestCase("live", "test", "belongs to the environment live")]
    [TestCase("test", null, "belongs to the environment test")]
    [TestCase(null, "live", "has no environment")]
    public async Task Change_KeyOfAnotherEnvironment_IsRejectedButReadingIsAllowed(string? of, string? target, string reason)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { Environment = of }, "a:read");
        var secret = await app.App.IssueAsync(key => key with { Environment = target, Scopes = ScopeSet.Create(["a:read"]) });
        foreach (var (method, path, body) in Changes)
        {
            var refused = await app.SendAsync(new HttpMethod(method), $"/api-keys/key2{path}", admin, body);
            Assert.That((refused.Status, refused.Code), Is.EqualTo((403, "forbidden")), $"{method} {path} {refused.Body}");
            Assert.That(refused["detail"], Does.Contain(reason).And.Contain("may only change API keys of the same environment"));
        }

        var read = await app.GetAsync("/api-keys/key2", admin);
        Assert.That((read.Status, read.Header("ETag")), Is.EqualTo((200, "\"v1\"")));
        Assert.That((await app.GetAsync("/api-keys?total=true", admin))["total"], Is.EqualTo("2"));
        Assert.That((await app.GetAsync("/api-keys/key2/alerts", admin)).Status, Is.EqualTo(200));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
    }

    [TestCase("test")]
    [TestCase("live")]
    [TestCase(null)]
    public async Task Change_KeyOfTheSameEnvironment_Succeeds(string? environment)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { Environment = environment }, "a:read");
        await app.App.IssueAsync(key => key with { Environment = environment });
        Assert.That((await app.PatchAsync("/api-keys/key2", admin, """{"enabled":false}""")).Status, Is.EqualTo(200));
        Assert.That((await app.SendAsync(HttpMethod.Delete, "/api-keys/key2", admin)).Status, Is.EqualTo(204));
    }

    [TestCase("test", """{"name":"n","scopes":[]}""", 201)]
    [TestCase("test", """{"name":"n","scopes":[],"environment":"live"}""", 403)]
    [TestCase(null, """{"name":"n","scopes":[]}""", 403)]
    [TestCase(null, """{"name":"n","scopes":[],"environment":"live"}""", 403)]
    public async Task Create_KeyOfAnotherEnvironment_IsRejected(string? of, string body, int status)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { Environment = of });
        var answer = await app.PostAsync("/api-keys", admin, body);
        Assert.That(answer.Status, Is.EqualTo(status), answer.Body);
        Assert.That(answer["detail"], status == 201 ? Is.Null : Does.Contain("may only create API keys of the same environment"));
    }

    [Test]
    public async Task AnyChange_FormatWithoutEnvironments_IsAllowed()
    {
        var format = new ApiKeyFormat { Prefix = "plain", Environments = [] };
        await using var app = await ManagedApp.StartAsync(options => options.Format = format);
        var made = await app.ManageAsync(manager => manager.CreateAsync(
            ApiKeyCaller.System, new NewApiKey { Name = "admin", Scopes = ["keys:read", "keys:write", "a:read"] }));
        var admin = made.Value!.Secret;
        var (id, secret) = await app.CreateAsync(admin);
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        Assert.That((await app.PatchAsync($"/api-keys/{id}", admin, """{"enabled":false}""")).Status, Is.EqualTo(200));
        Assert.That((await app.PostAsync($"/api-keys/{id}/revoke", admin)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Change_UserOrTheApp_IsNotBoundToAnEnvironment()
    {
        await using var app = await ManagedApp.StartAsync();
        await app.App.IssueAsync(key => key with { Environment = "live" });
        await app.App.IssueAsync(key => key with { Environment = "test" });
        var user = ApiKeyCaller.User("u", null, ScopeSet.Create(["*"]));
        foreach (var id in new[] { "key1", "key2" })
        {
            var patch = new ApiKeyPatch { Enabled = false };
            Assert.That((await app.ManageAsync(manager => manager.UpdateAsync(user, id, patch))).Succeeded);
            Assert.That((await app.ManageAsync(manager => manager.DeleteAsync(ApiKeyCaller.System, id))).Succeeded);
        }
    }

    [Test]
    public async Task Purge_ByAKey_KeepsKeysOfOtherEnvironments()
    {
        await using var app = await ManagedApp.StartAsync(endpoints: web =>
            web.MapPost("/purge", async (HttpContext context, ApiKeyManager keys) =>
                (await keys.PurgeAsync(context.GetApiKeyCaller()!, DateTimeOffset.MaxValue)).Value)
                .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey" }));
        var admin = await app.AdminAsync();
        var past = new ApiKeyExpiry(app.App.Clock.GetUtcNow().AddDays(-1));
        foreach (var environment in new[] { "test", "live", null })
        {
            await app.App.IssueAsync(key => key with { Environment = environment, ExpiresAt = past });
        }

        Assert.That((await app.PostAsync("/purge", admin)).Body, Is.EqualTo("1"));
        Assert.That((await app.GetAsync("/api-keys?total=true", admin))["total"], Is.EqualTo("3"));
    }
}
