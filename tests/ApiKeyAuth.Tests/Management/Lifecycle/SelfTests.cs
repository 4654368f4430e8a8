using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Tests.Usage;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management.Lifecycle;

/// <summary>Tests the endpoint that returns the key of the caller.</summary>
public sealed class SelfTests
{
    [Test]
    public async Task Get_KeyWithoutScopes_ReturnsItself()
    {
        await using var app = await ManagedApp.StartAsync();
        var created = app.App.Clock.GetUtcNow();
        var secret = await app.App.IssueAsync(key => key with
        {
            Name = "mine",
            Kind = "service",
            TenantId = "t1",
            OwnerId = "o1",
            CreatedAt = created,
            ExpiresAfterIdleDays = 90,
            ExpiresAt = ApiKeyExpiry.Parse("2027-12-31", null),
            RateLimits = RateLimit.ParseList("5/minute;100/day"),
        });
        await app.UseAsync(secret, "/any");
        await app.UseAsync(secret);
        await app.FlushAsync();

        var self = await app.GetAsync("/api-keys/self", secret);

        Assert.That((self.Status, self.Header("Cache-Control")), Is.EqualTo((200, "no-store")), self.Body);
        Assert.That(self.Body, Is.EqualTo(
            """{"id":"key1","name":"mine","kind":"service","environment":"test","tenantId":"t1","ownerId":"o1","scopes":[]"""
            + ""","expiresAt":"2027-12-31","expiresAfterIdleDays":90"""
            + $$""","secret":{"hint":"{{secret[^4..]}}","createdAt":"0001-01-01T00:00:00Z","expiresAt":null}"""
            + ""","rateLimits":["5/minute","100/day"]"""
            + ""","limits":[{"limit":"5/minute","remaining":3,"resetSeconds":60,"isTenantLimit":false}"""
            + """,{"limit":"100/day","remaining":98,"resetSeconds":86400,"isTenantLimit":false}]"""
            + ""","usage":{"from":"2025-12-31T00:00:00Z","to":"2026-01-01T01:00:00Z","requests":2,"succeeded":1,"failed":1"""
            + ""","lastUsedAt":"2026-01-01T00:00:00Z"}}"""));
    }

    [Test]
    public async Task Get_Usage_IsThatOfTheLastDay()
    {
        await using var app = await ManagedApp.StartAsync();
        var secret = await app.App.IssueAsync();
        await app.UseAsync(secret, "/any");
        app.App.Clock.Advance(TimeSpan.FromHours(26));
        await app.UseAsync(secret, "/any");
        await app.FlushAsync();
        var self = await app.GetAsync("/api-keys/self", secret);
        Assert.That(self.Json.GetProperty("usage").GetProperty("requests").GetInt64(), Is.EqualTo(1));
        Assert.That(self["limits"], Is.EqualTo("[]"), "it is unlimited");
    }

    [Test]
    public async Task Get_ScopesAndTenantLimits_AreThoseInEffect()
    {
        await using var app = await ManagedApp.StartAsync(options =>
        {
            options.Scopes.Add(new() { Name = "a:read", Implies = ["b:read"], RateLimits = RateLimit.ParseList("7/minute") });
            options.Scopes.Add(new() { Name = "b:read" });
            foreach (var scope in new[] { "keys:read", "keys:write", "keys:verify" })
            {
                options.Scopes.Add(new() { Name = scope });
            }

            options.RateLimiting.PerTenant = RateLimit.ParseList("2/hour");
        });
        var secret = await app.App.IssueAsync(key => key with { TenantId = "t", Scopes = ScopeSet.Create(["a:read"]) });
        var self = await app.GetAsync("/api-keys/self", secret);
        Assert.That(self["scopes"], Is.EqualTo("""["a:read","b:read"]"""));
        Assert.That(self["rateLimits"], Is.EqualTo("""["7/minute","2/hour"]"""));
        Assert.That(self["limits"], Is.EqualTo(
            """[{"limit":"7/minute","remaining":6,"resetSeconds":60,"isTenantLimit":false},"""
            + """{"limit":"2/hour","remaining":1,"resetSeconds":3600,"isTenantLimit":true}]"""), "this request took one");
    }

    [Test]
    public async Task Get_Limits_ChargesNothingAndKeepsEveryWindow()
    {
        await using var app = await ManagedApp.StartAsync();
        var secret = await app.App.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("4/minute;6/hour;9/day") });
        for (var request = 1; request <= 4; request++)
        {
            var self = await app.GetAsync("/api-keys/self", secret);
            Assert.That(
                self.Json.GetProperty("limits").EnumerateArray().Select(limit => limit.GetProperty("remaining").GetInt64()),
                Is.EqualTo(new long[] { 4 - request, 6 - request, 9 - request }));
        }

        Assert.That((await app.GetAsync("/api-keys/self", secret)).Status, Is.EqualTo(429));
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        var later = await app.GetAsync("/api-keys/self", secret);
        Assert.That(
            later.Json.GetProperty("limits").EnumerateArray().Select(limit => limit.GetProperty("remaining").GetInt64()),
            Is.EqualTo(new long[] { 3, 1, 4 }));
    }

    [Test]
    public async Task Get_RetiringSecret_ReturnsItsExpiration()
    {
        await using var app = await ManagedApp.StartAsync();
        var end = app.App.Clock.GetUtcNow().AddHours(1);
        var secret = await app.App.IssueAsync(key => key with
        {
            Secrets = [app.App.Hashed(app.App.NewSecret()), key.Secrets[0] with { ExpiresAt = end }],
        });
        var self = await app.GetAsync("/api-keys/self", secret);
        Assert.That(self.Json.GetProperty("secret").GetProperty("expiresAt").GetString(), Is.EqualTo("2026-01-01T01:00:00Z"));
        Assert.That(self.Header("Sunset"), Is.EqualTo("Thu, 01 Jan 2026 01:00:00 GMT"));
    }

    [Test]
    public async Task Get_OtherCallers_AreRejected()
    {
        await using var app = await ManagedApp.StartAsync(services: AddJwt);
        var disabled = await app.App.IssueAsync(key => key with { Enabled = false });
        var secret = await app.App.IssueAsync();

        var anonymous = await app.GetAsync("/api-keys/self", null);
        var invalid = await app.GetAsync("/api-keys/self", disabled);
        var token = await app.SendAsync(HttpMethod.Get, "/api-keys/self", null, bearer: Jwts.Create(("scope", "keys:read")));
        var both = await app.SendAsync(HttpMethod.Get, "/api-keys/self", secret, bearer: Jwts.Create());

        Assert.That((anonymous.Status, anonymous.Code), Is.EqualTo((401, "missing_credentials")));
        Assert.That((invalid.Status, invalid.Code), Is.EqualTo((401, "invalid_api_key")));
        Assert.That((token.Status, token.Code), Is.EqualTo((403, "forbidden")), token.Body);
        Assert.That((both.Status, both["id"]), Is.EqualTo((200, "key2")), both.Body);
    }

    [Test]
    public async Task Get_NamedScheme_IsTheOnlyOne()
    {
        await using var app = await ManagedApp.StartAsync(
            policies: mapped => mapped.RequireKeyScopes("ApiKey"),
            services: AddJwt);
        var secret = await app.App.IssueAsync();
        Assert.That((await app.GetAsync("/api-keys/self", secret)).Status, Is.EqualTo(200));
        Assert.That((await app.GetAsync("/api-keys/self", null)).Code, Is.EqualTo("missing_api_key"));
    }

    [Test]
    public async Task Get_KeysManagedByTokensOnly_StartsAndRejectsTokens()
    {
        await using var app = await ManagedApp.StartAsync(
            policies: mapped => mapped.RequireAuthorization(
                new AuthorizeAttribute { AuthenticationSchemes = JwtBearerDefaults.AuthenticationScheme }),
            services: AddJwt);
        var secret = await app.App.IssueAsync();
        var token = Jwts.Create();
        Assert.That((await app.SendAsync(HttpMethod.Get, "/api-keys/self", null, bearer: token)).Status, Is.EqualTo(403));
        Assert.That((await app.GetAsync("/api-keys/self", secret)).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Get_StoreDown_IsUnavailable()
    {
        await using var app = await ManagedApp.StartAsync();
        var secret = await app.App.IssueAsync();
        Assert.That(await app.UseAsync(secret, "/any"), Is.EqualTo(200));
        app.Store.IsDown = true;
        var self = await app.GetAsync("/api-keys/self", secret);
        Assert.That((self.Status, self.Code), Is.EqualTo((503, "key_store_unavailable")));
    }

    private static void AddJwt(IServiceCollection services) => services
        .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
        .AddTestJwt();
}
