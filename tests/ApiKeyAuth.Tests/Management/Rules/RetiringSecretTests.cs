using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests callers with a retiring secret: it may have leaked, so they must not gain access beyond its expiration.</summary>
public sealed class RetiringSecretTests
{
    private static readonly TestCaseData[] Changes =
    [
        Change("POST", "/api-keys", """{"name":"n","scopes":["a:read"]}"""),
        Change("PATCH", "/api-keys/key1", """{"name":"m"}"""),
        Change("PATCH", "/api-keys/key2", """{"enabled":false}"""),
        Change("POST", "/api-keys/key1/rotate", """{"discardCurrent":true}"""),
        Change("POST", "/api-keys/key2/rotate", "{}"),
        Change("POST", "/api-keys/key1/rotate/complete", null),
        Change("POST", "/api-keys/key1/rotate/cancel", null),
        Change("POST", "/api-keys/key1/revoke", null),
        Change("POST", "/api-keys/key2/revoke", """{"cascade":true}"""),
        Change("DELETE", "/api-keys/key1", null),
        Change("DELETE", "/api-keys/key2", null),
        Change("PUT", "/api-keys/key2/alerts", "{}"),
        Change("DELETE", "/api-keys/key2/alerts", null),
        Change("PUT", "/api-keys/alerts", "{}"),
        Change("DELETE", "/api-keys/alerts", null),
        Change("POST", "/own/grant", null),
        Change("POST", "/own/import", null),
        Change("POST", "/own/purge", null),
    ];

    [TestCaseSource(nameof(Changes))]
    public async Task Change_RetiringSecret_IsRejectedWithCauseAndFix(string method, string path, string? body)
    {
        await using var app = await StartAsync();
        var (retiring, current) = await RotatedAsync(app);
        var before = (await app.GetAsync("/api-keys?limit=10", current)).Body;

        var refused = await app.SendAsync(new HttpMethod(method), path, retiring, body);

        Assert.That((refused.Status, refused.Code), Is.EqualTo((403, "forbidden")), refused.Body);
        Assert.That(refused["detail"], Does.Contain("retiring").And.Contain("current secret").And.Contain("another caller"));
        Assert.That((await app.GetAsync("/api-keys?limit=10", current)).Body, Is.EqualTo(before), "nothing changed");
        var made = await app.SendAsync(new HttpMethod(method), path, current, body);
        Assert.That(made.Status, Is.InRange(200, 299), "the current secret may");
    }

    [TestCase("GET", "/api-keys", null)]
    [TestCase("GET", "/api-keys/key1", null)]
    [TestCase("GET", "/api-keys/self", null)]
    [TestCase("GET", "/api-keys/key2/audit", null)]
    [TestCase("GET", "/api-keys/key2/usage", null)]
    [TestCase("GET", "/api-keys/key2/alerts", null)]
    [TestCase("POST", "/api-keys/verify", """{"key":"x"}""")]
    public async Task Read_RetiringSecret_Succeeds(string method, string path, string? body)
    {
        await using var app = await StartAsync();
        var (retiring, _) = await RotatedAsync(app);
        Assert.That((await app.SendAsync(new HttpMethod(method), path, retiring, body)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Rotate_LostDelivery_CanBeReplacedByAnotherCaller()
    {
        await using var app = await StartAsync();
        var (retiring, lost) = await RotatedAsync(app);
        var other = await app.AdminAsync(null, "a:read");

        var replaced = await app.PostAsync("/api-keys/key1/rotate", other, """{"discardCurrent":true}""");

        Assert.That(replaced.Status, Is.EqualTo(200), replaced.Body);
        Assert.That(
            (await app.UseAsync(retiring), await app.UseAsync(lost), await app.UseAsync(replaced["key"]!)), Is.EqualTo((200, 401, 200)));
    }

    [Test]
    public async Task RevokeLeaked_RetiringSecret_RevokesThatSecretOnly()
    {
        await using var app = await StartAsync();
        var (retiring, current) = await RotatedAsync(app);
        Assert.That((await app.UseAsync(retiring), await app.UseAsync(current)), Is.EqualTo((200, 200)));

        for (var time = 0; time < 2; time++)
        {
            var answer = await app.PostAsync("/api-keys/revoke-leaked", null, $$"""{"key":"{{retiring}}"}""");
            Assert.That((answer.Status, answer.Body), Is.EqualTo((204, "")));
            Assert.That((await app.UseAsync(retiring), await app.UseAsync(current)), Is.EqualTo((401, 200)));
        }

        var read = await app.GetAsync("/api-keys/key1", current);
        Assert.That((read["status"], read.Json.GetProperty("secrets").GetArrayLength()), Is.EqualTo(("active", 1)));
        var audit = await app.GetAsync("/api-keys/key1/audit", current);
        Assert.That(audit.Body, Does.Contain("\"action\":\"revoke-secret\"").And.Contain("\"actor\":\"key:key1\""));
        Assert.That(audit.Body, Does.Not.Contain(retiring).And.Not.Contain("sha256"));
    }

    [Test]
    public async Task RevokeLeaked_CurrentSecretWhileAnotherRetires_RevokesTheKey()
    {
        await using var app = await StartAsync();
        var (retiring, current) = await RotatedAsync(app);
        Assert.That((await app.PostAsync("/api-keys/revoke-leaked", null, $$"""{"key":"{{current}}"}""")).Status, Is.EqualTo(204));
        Assert.That((await app.UseAsync(retiring), await app.UseAsync(current)), Is.EqualTo((401, 401)));
    }

    [Test]
    public async Task RevokeLeaked_RetiringSecretStoreDown_IsReportedAsFailed()
    {
        await using var app = await StartAsync();
        var (retiring, _) = await RotatedAsync(app);
        app.Store.IsDown = true;
        Assert.That((await app.PostAsync("/api-keys/revoke-leaked", null, $$"""{"key":"{{retiring}}"}""")).Status, Is.EqualTo(503));
        app.Store.IsDown = false;
        Assert.That(await app.UseAsync(retiring), Is.EqualTo(200));
    }

    [TestCase(null, null, null)]
    [TestCase(null, "2026-01-02", "2026-01-02T00:00:00Z")]
    [TestCase("2026-01-03", null, "2026-01-03T00:00:00Z")]
    [TestCase("2026-01-03", "2026-01-02", "2026-01-02T00:00:00Z")]
    [TestCase("2026-01-03", "2026-01-04", "2026-01-03T00:00:00Z")]
    public void Caller_Key_GrantsAtMostTheLifetimeOfTheSecretInUse(string? keyEnds, string? secretEnds, string? expected)
    {
        static DateTimeOffset? At(string? date) => date is null ? null : DateTimeOffset.Parse(date + "T00:00:00Z", null);
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(new byte[32]), ExpiresAt = At(secretEnds) };
        var key = new ApiKey { Id = "k", ExpiresAt = At(keyEnds) is { } end ? new ApiKeyExpiry(end) : null, Secrets = [secret] };

        var caller = ApiKeyCaller.ForKey(new VerifiedApiKey(key, secret, key.Scopes), key.Scopes, [], false, false, null);

        Assert.That(caller.ExpiresAt?.ToString(), Is.EqualTo(expected));
    }

    private static TestCaseData Change(string method, string path, string? body) => new(method, path, body);

    private static Task<ManagedApp> StartAsync() => ManagedApp.StartAsync(endpoints: web =>
    {
        var policy = new AuthorizeAttribute { AuthenticationSchemes = "ApiKey" };
        web.MapPost("/own/import", async (HttpContext context, ApiKeyManager keys) =>
        {
            var imported = new ImportedApiKey { Key = new NewApiKey { Name = "n", Scopes = [] }, Hash = new string('0', 64) };
            return (await keys.ImportAsync(context.GetApiKeyCaller()!, [imported]))[0] is { Error: { } problem } ? problem : Results.Ok();
        }).RequireAuthorization(policy);
        web.MapPost("/own/grant", async (HttpContext context, ApiKeyManager keys) =>
        {
            var caller = context.GetApiKeyCaller()!.WithGrantable(ScopeSet.Create(["b:read"]));
            var created = await keys.CreateAsync(caller, new NewApiKey { Name = "n", Scopes = ["b:read"] });
            return created.Succeeded ? Results.Ok() : created.Error;
        }).RequireAuthorization(policy);
        web.MapPost("/own/purge", async (HttpContext context, ApiKeyManager keys) =>
            await keys.PurgeAsync(context.GetApiKeyCaller()!, DateTimeOffset.MaxValue) is { Error: { } problem } ? problem : Results.Ok())
            .RequireAuthorization(policy);
    });

    /// <summary>Issues key1, which manages keys, and key2, and rotates key1 with a grace period.</summary>
    private static async Task<(string Retiring, string Current)> RotatedAsync(ManagedApp app)
    {
        var retiring = await app.AdminAsync(null, "a:read");
        await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["a:read"]) });
        var rotated = await app.ManageAsync(manager =>
            manager.RotateAsync(ApiKeyCaller.System, "key1", new ApiKeyRotation { Grace = TimeSpan.FromHours(1) }));
        return (retiring, rotated.Value!.Secret);
    }
}
