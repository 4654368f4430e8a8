using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Management;

public sealed class VerifyTests
{
    private const string Path = "/api-keys/verify";

    [Test]
    public async Task Verify_GoodKey_TellsWhoWhatAndWhatIsLeft()
    {
        await using var app = await ManagedApp.StartAsync(options =>
        {
            foreach (var scope in new[] { "keys:read", "keys:write", "keys:verify", "a:read" })
            {
                options.Scopes.Add(new ScopeDefinition { Name = scope });
            }

            options.Scopes.Add(new ScopeDefinition { Name = "full", Implies = ["a:read"] });
            options.Management.ManagesOthers = _ => true;
        });
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" }, "full");
        var (id, secret) = await app.CreateAsync(
            admin, """{"name":"n","ownerId":"u1","scopes":["full"],"rateLimits":["10/hour"],"expiresAt":"2026-12-31"}""");

        var free = await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}"}""");
        var charged = await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}","cost":4}""");
        var tooMuch = await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}","cost":7}""");

        Assert.That(free.Body, Is.EqualTo(
            $$"""
            {"valid":true,"id":"{{id}}","name":"n","kind":"service","environment":"test","tenantId":"t1","ownerId":"u1",
            "scopes":["full","a:read"],"expiresAt":"2026-12-31","limit":"10/hour","remaining":10}
            """.ReplaceLineEndings("")));
        Assert.That(free.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(charged["remaining"], Is.EqualTo("6"));
        Assert.That(
            (tooMuch["valid"], tooMuch.Code, tooMuch["remaining"], tooMuch["retryAfter"]),
            Is.EqualTo(("False", "rate_limit_exceeded", "6", "3600")));
        Assert.That((await app.GetAsync("/a", secret)).Header("X-RateLimit-Remaining"), Is.EqualTo("5"), "the same window");
    }

    [Test]
    public async Task Verify_ForeignOrBadKey_TellsNothingButThatItIsInvalid()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" });
        Task<string> IssueAsync(Func<ApiKey, ApiKey> with) => app.App.IssueAsync(key => with(key with { TenantId = "t1" }));
        var past = new ApiKeyExpiry(new DateOnly(2025, 1, 1));
        string[] bad =
        [
            await IssueAsync(key => key with { TenantId = "t2" }),
            await IssueAsync(key => key with { TenantId = null }),
            await IssueAsync(key => key with { TenantId = "t2", ExpiresAt = past }),
            await IssueAsync(key => key with { Enabled = false }),
            await IssueAsync(key => key with { RevokedAt = app.App.Clock.GetUtcNow() }),
            await IssueAsync(key => key with { Kind = ApiKeyKinds.Personal, OwnerId = "u1" }),
            app.App.NewSecret(),
            app.App.NewSecret() + "x",
            "",
        ];
        foreach (var secret in bad)
        {
            Assert.That(
                (await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}"}""")).Body,
                Is.EqualTo("""{"valid":false,"code":"invalid_api_key"}"""));
        }

        var expired = await app.PostAsync(Path, admin, $$"""{"key":"{{await IssueAsync(key => key with { ExpiresAt = past })}}"}""");
        Assert.That(expired.Body, Is.EqualTo("""{"valid":false,"code":"expired_api_key"}"""));
        Assert.That(
            (await app.PostAsync(Path, admin, """{"cost":4000000001,"address":"x"}"""))["detail"],
            Is.EqualTo("key is required; cost must be a whole number from 0 to 4000000000; address must be an IPv4 or IPv6 address"));
        Assert.That((await app.PostAsync(Path, admin, """{"key":"","cost":-1}""")).Fields, Is.EqualTo(new[] { "cost" }));
        Assert.That((await app.PostAsync(Path, admin, """{"key":"","x":1}""")).Fields, Is.EqualTo(new[] { "x" }));
        Assert.That((await app.PostAsync(Path, admin, """{"cost":"1"}""")).Fields, Is.EqualTo(new[] { "cost" }));
    }

    [Test]
    public async Task Verify_StoreDown_IsUnavailableNotInvalid()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        Assert.That(await app.UseAsync(admin, "/any"), Is.EqualTo(200));
        app.Store.IsDown = true;
        var answer = await app.PostAsync(Path, admin, $$"""{"key":"{{app.App.NewSecret()}}"}""");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "key_store_unavailable")));
    }

    [Test]
    public async Task Verify_WithoutItsScope_IsRefused()
    {
        await using var app = await ManagedApp.StartAsync();
        var reader = await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["keys:read", "keys:write"]) });
        Assert.That((await app.PostAsync(Path, reader, """{"key":"x"}""")).Code, Is.EqualTo("insufficient_scope"));
    }
}
