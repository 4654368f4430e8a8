using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Usage;

public sealed class UsageEndpointTests
{
    [Test]
    public async Task Usage_OfAKey_TellsTotalsRowsAndWhatItDoesNotNeed()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read", "b:read", "c:*");
        var (id, secret) = await app.CreateAsync(admin, """{"name":"n","scopes":["a:read","b:read","c:*"]}""");
        await app.UseAsync(secret);
        await app.UseAsync(secret, "/api-keys");
        app.App.Clock.Advance(TimeSpan.FromHours(2));
        await app.UseAsync(secret);
        await app.FlushAsync();

        var tag = (await app.GetAsync($"/api-keys/{id}", admin)).Header("ETag");
        var usage = await app.GetAsync($"/api-keys/{id}/usage", admin);
        var days = await app.GetAsync($"/api-keys/{id}/usage?by=day&unusedDays=0", admin);

        Assert.That((usage.Status, tag), Is.EqualTo((200, "\"v1\"")));
        Assert.That(usage.Body, Is.EqualTo(
            $$"""{"id":"{{id}}","from":"2025-12-25T03:00:00Z","to":"2026-01-01T03:00:00Z","by":"hour","totals":{"requests":3,"""
            + "\"succeeded\":2,\"failed\":1,\"successRate\":0.6667,\"lastUsedAt\":\"2026-01-01T02:00:00Z\"},\"rows\":["
            + """{"from":"2026-01-01T00:00:00Z","to":"2026-01-01T01:00:00Z","requests":2,"succeeded":1,"failed":1},"""
            + """{"from":"2026-01-01T02:00:00Z","to":"2026-01-01T03:00:00Z","requests":1,"succeeded":1,"failed":0}],"countries":["""
            + """{"country":null,"requests":3}],"refusals":[{"code":"insufficient_scope","requests":1}],"networks":1,"""
            + "\"unusedScopes\":[\"b:read\",\"c:*\"],\"unusedDays\":30}"));
        Assert.That(
            days.Json.GetProperty("rows").GetRawText(),
            Is.EqualTo("""[{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","requests":3,"succeeded":2,"failed":1}]"""));
    }

    [Test]
    public async Task Usage_FlushDuringTheRequest_CountsAndLastUseAgree()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        await app.UseAsync(secret);
        app.Store.BeforeUsageIsRead = app.FlushAsync;
        var usage = await app.GetAsync($"/api-keys/{id}/usage", admin);
        Assert.That(
            usage.Json.GetProperty("totals").GetRawText(),
            Is.EqualTo("""{"requests":1,"succeeded":1,"failed":0,"successRate":1,"lastUsedAt":"2026-01-01T00:00:00Z"}"""));
    }

    [Test]
    public async Task Usage_NeverUsed_IsEmpty()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);
        var usage = await app.GetAsync($"/api-keys/{id}/usage", admin);
        Assert.That(
            usage.Json.GetProperty("totals").GetRawText(),
            Is.EqualTo("""{"requests":0,"succeeded":0,"failed":0,"successRate":null,"lastUsedAt":null}"""));
    }

    [Test]
    public async Task Usage_ScopeNeededLongAgo_IsUnused()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        await app.UseAsync(secret);
        await app.FlushAsync();
        app.App.Clock.Advance(TimeSpan.FromDays(10));
        async Task<string> UnusedAsync(int days) => (await app.GetAsync($"/api-keys/{id}/usage?unusedDays={days}", admin))
            .Json.GetProperty("unusedScopes")
            .GetRawText();
        Assert.That((await UnusedAsync(10), await UnusedAsync(9)), Is.EqualTo(("[]", """["a:read"]""")));
    }

    [Test]
    public async Task Usage_EndpointTakesAnyOfScopes_NeedsTheFirstTheKeyHolds()
    {
        await using var app = await ManagedApp.StartAsync(
            endpoints: web => web.MapGet("/either", () => "in").RequireAnyScope("x", "b:read", "a:read"));
        var admin = await app.AdminAsync(null, "a:read", "b:read");
        var (id, secret) = await app.CreateAsync(admin, """{"name":"n","scopes":["a:read","b:read"]}""");
        await app.UseAsync(secret, "/either");
        await app.FlushAsync();
        var usage = await app.GetAsync($"/api-keys/{id}/usage", admin);
        Assert.That(usage.Json.GetProperty("unusedScopes").GetRawText(), Is.EqualTo("""["a:read"]"""));
    }

    [TestCase("from=x&to=y&by=week&unusedDays=z", "from,to,by,unusedDays")]
    [TestCase("from=2026-02-01&to=2026-01-01", "from")]
    [TestCase("from=2025-01-01&to=2026-01-01", "from")]
    [TestCase("from=2024-01-01&to=2026-01-01&by=day", "from")]
    [TestCase("from=0001-01-01", "from")]
    [TestCase("to=0001-01-01", "to")]
    [TestCase("to=9999-12-31", "to")]
    [TestCase("unusedDays=3661", "unusedDays")]
    [TestCase("unusedDays=-1", "unusedDays")]
    [TestCase("by=", "by")]
    public async Task Usage_BadQuery_NamesEveryBadParameter(string query, string fields)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var rejected = await app.GetAsync($"/api-keys/key1/usage?{query}", admin);
        Assert.That((rejected.Status, rejected.Code), Is.EqualTo((400, "invalid_request")));
        Assert.That(rejected.Fields, Is.EquivalentTo(fields.Split(',')));
    }

    [TestCase("from=2026-01-01&to=2026-02-01")]
    [TestCase("from=2025-01-01T00:00:00Z&to=2026-01-01T01:30Z&by=day")]
    [TestCase("to=2000-01-01")]
    public async Task Usage_GoodQuery_IsAnswered(string query)
    {
        await using var app = await ManagedApp.StartAsync();
        Assert.That((await app.GetAsync($"/api-keys/key1/usage?{query}", await app.AdminAsync())).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task List_UnusedDays_ReturnsUnusedKeys()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (idle, _) = await app.CreateAsync(admin);
        var (_, secret) = await app.CreateAsync(admin);
        app.App.Clock.Advance(TimeSpan.FromDays(31));
        await app.UseAsync(secret);
        await app.CreateAsync(admin);
        await app.FlushAsync();

        var unused = await app.GetAsync("/api-keys?unusedDays=30&total=true", admin);

        Assert.That(
            unused.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("id").GetString()), Is.EqualTo(new[] { idle }));
        Assert.That(unused["total"], Is.EqualTo("1"));
        Assert.That((await app.GetAsync("/api-keys?unusedDays=many", admin)).Fields, Is.EqualTo(new[] { "unusedDays" }));
    }

    [Test]
    public async Task Usage_OfAStoreThatKeepsNone_IsNotFoundAndItsKeysWork()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapApiKeys().RequireKeyScopes(),
            store: new PlainStore(),
            keys: auth => auth.Services.AddSingleton<IWritableApiKeyStore>(
                provider => (PlainStore)provider.GetServices<IApiKeyStore>().Last()));
        await using var scope = app.Services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
        var made = (await keys.CreateAsync(ApiKeyCaller.System, new NewApiKey { Name = "n", Scopes = ["keys:read"] })).Value!;

        using var usage = await app.GetAsync($"/api-keys/{made.Key.Id}/usage", made.Secret);
        using var unused = await app.GetAsync("/api-keys?unusedDays=1", made.Secret);
        using var list = await app.GetAsync("/api-keys", made.Secret);

        Assert.That(((int)usage.StatusCode, (int)unused.StatusCode, (int)list.StatusCode), Is.EqualTo((404, 400, 200)));
    }
}
