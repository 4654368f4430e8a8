using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Management.Lifecycle;

/// <summary>Tests keys that are not accepted before a time.</summary>
public sealed class StartTests
{
    private const string NotATime = "must be a date (2027-12-31) or a time with its offset (2027-12-31T10:00:00Z)";
    private const string Later = """{"name":"n","scopes":["a:read"],"notBefore":"2026-01-01T01:00:00Z"}""";

    [Test]
    public async Task Use_BeforeTheStart_ReadsLikeADisabledKeyAndIsAcceptedFromThen()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin, Later);
        var disabled = await app.CreateAsync(admin);
        await app.PatchAsync($"/api-keys/{disabled.Id}", admin, """{"enabled":false}""");

        var pending = await app.GetAsync("/a", secret);
        var refused = await app.GetAsync("/a", disabled.Secret);

        Assert.That((pending.Status, pending.Code, pending.Untraced), Is.EqualTo((401, "invalid_api_key", refused.Untraced)));
        Assert.That(pending.Headers.Keys, Is.EquivalentTo(refused.Headers.Keys));
        var read = await app.GetAsync($"/api-keys/{id}", admin);
        Assert.That(
            (read["status"], read["notBefore"], read["lastUsedAt"]), Is.EqualTo(("pending", "2026-01-01T01:00:00Z", (string?)null)));
        var rejections = app.App.Logs.Entries.Where(entry => entry.Text.Contains(id, StringComparison.Ordinal)).Select(entry => entry.Text);
        Assert.That(rejections, Has.Some.Contains("Pending"));
        app.App.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(401));
        app.App.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        Assert.That((await app.GetAsync($"/api-keys/{id}", admin))["status"], Is.EqualTo("active"));
    }

    [TestCase("2026-01-02", "2026-01-02T00:00:00Z")]
    [TestCase("2026-01-02T03:04:05.9999999+01:00", "2026-01-02T02:04:05Z")]
    [TestCase("2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z")]
    [TestCase("9999-12-31", "9999-12-31T00:00:00Z")]
    public async Task Create_NotBefore_IsStoredInWholeSeconds(string text, string expected)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var created = await app.PostAsync("/api-keys", admin, $$"""{"name":"n","scopes":[],"notBefore":"{{text}}"}""");
        Assert.That((created.Status, created["notBefore"]), Is.EqualTo((201, expected)), created.Body);
        Assert.That(created["status"], Is.EqualTo(text.StartsWith("2025", StringComparison.Ordinal) ? "active" : "pending"));
    }

    [TestCase(""" "notBefore":"soon" """, "notBefore", NotATime)]
    [TestCase(""" "notBefore":"2026-01-02T00:00:00" """, "notBefore", NotATime)]
    [TestCase(""" "notBefore":"" """, "notBefore", NotATime)]
    [TestCase(
        """ "notBefore":"2026-02-02T00:00:00Z","expiresAt":"2026-02-01T00:00:00Z" """,
        "notBefore",
        "must be before the expiration, 2026-02-01T00:00:00Z")]
    [TestCase(
        """ "notBefore":"2026-02-02","expiresAt":"2026-02-01" """, "notBefore", "must be before the expiration, 2026-02-01")]
    [TestCase(""" "notBefore":"2026-01-12","expiresInDays":11 """, "notBefore", "must be before the expiration, 2026-01-12T00:00:00Z")]
    public async Task Create_InvalidStart_IsRejectedWithTheReason(string members, string field, string fault)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var refused = await app.PostAsync("/api-keys", admin, $$"""{"name":"n","scopes":[],{{members}}}""");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((400, "invalid_request")), refused.Body);
        Assert.That(refused.Fields, Is.EqualTo(new[] { field }));
        Assert.That(refused.Json.GetProperty("errors").GetProperty(field).GetString(), Is.EqualTo(fault));
    }

    [TestCase("""{"notBefore":5}""")]
    [TestCase("""{"notBefore":{}}""")]
    public async Task Update_StartOfAnotherType_IsRejected(string body)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        Assert.That((await app.PatchAsync("/api-keys/key1", admin, body)).Fields, Is.EqualTo(new[] { "notBefore" }));
    }

    [Test]
    public async Task Update_Start_TakesEffectAtOnceAndIsAudited()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin, """{"name":"n","scopes":["a:read"],"expiresAt":"2026-02-01"}""");
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));

        var postponed = await app.PatchAsync($"/api-keys/{id}", admin, """{"notBefore":"2026-01-03T00:00:00Z"}""", "\"v1\"");
        var whenPending = await app.UseAsync(secret);
        var stale = await app.PatchAsync($"/api-keys/{id}", admin, """{"notBefore":null}""", "\"v1\"");
        var tooLate = await app.PatchAsync($"/api-keys/{id}", admin, """{"notBefore":"2026-02-02"}""");
        var tooEarly = await app.PatchAsync($"/api-keys/{id}", admin, """{"expiresAt":"2026-01-02"}""");
        var other = await app.PatchAsync($"/api-keys/{id}", admin, """{"name":"m"}""");
        var cleared = await app.PatchAsync($"/api-keys/{id}", admin, """{"notBefore":null}""");

        Assert.That((postponed.Status, postponed["status"], whenPending, stale.Status), Is.EqualTo((200, "pending", 401, 412)));
        Assert.That(tooLate["detail"], Is.EqualTo("notBefore must be before the expiration, 2026-02-01"));
        Assert.That(tooEarly["detail"], Is.EqualTo("expiresAt must be after notBefore, 2026-01-03T00:00:00Z"));
        Assert.That(
            (other["notBefore"], cleared["notBefore"], cleared["status"]),
            Is.EqualTo(("2026-01-03T00:00:00Z", (string?)null, "active")));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        var audit = await app.GetAsync($"/api-keys/{id}/audit", admin);
        Assert.That(audit.Body, Does.Contain("""{"notBefore":{"from":null,"to":"2026-01-03T00:00:00Z"}}"""));
    }

    [Test]
    public async Task Update_ByACallerWithFewerRights_MayOnlyPostpone()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var start = app.App.Clock.GetUtcNow().AddDays(2);
        await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["a:read"]), NotBefore = start });
        async Task<int> PatchAsync(string value) =>
            (await app.PatchAsync("/api-keys/key2", admin, $$"""{"notBefore":{{value}}}""")).Status;

        Assert.That(await PatchAsync("\"2026-01-02\""), Is.EqualTo(403));
        Assert.That(await PatchAsync("null"), Is.EqualTo(403));
        Assert.That(await PatchAsync("\"2026-01-04\""), Is.EqualTo(200));
    }

    [Test]
    public async Task List_ByStatus_FindsPendingKeys()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin, Later);

        var pending = await app.GetAsync("/api-keys?status=pending", admin);
        var active = await app.GetAsync("/api-keys?status=active", admin);
        var unknown = await app.GetAsync("/api-keys?status=Pending", admin);

        static string?[] Ids(ManagedApp.Answer answer) =>
            [.. answer.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("id").GetString())];
        Assert.That(Ids(pending), Is.EqualTo(new[] { id }));
        Assert.That(Ids(active), Is.EqualTo(new[] { "key1" }));
        Assert.That(unknown["detail"], Is.EqualTo("status must be active, pending, disabled, expired, idle or revoked"));
    }

    [Test]
    public async Task Verify_PendingKey_IsInvalid()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (_, secret) = await app.CreateAsync(admin, Later);
        var verified = await app.PostAsync("/api-keys/verify", admin, $$"""{"key":"{{secret}}"}""");
        Assert.That((verified["valid"], verified["code"]), Is.EqualTo(("False", "invalid_api_key")));
    }

    [Test]
    public async Task Import_NotBefore_IsKept()
    {
        await using var app = await ManagedApp.StartAsync();
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, 5, TimeSpan.Zero);
        var imported = await app.ManageAsync(manager => manager.ImportAsync(
            ApiKeyCaller.System,
            [new() { Key = new() { Name = "n", Scopes = [], NotBefore = start, ExpiresAfterIdleDays = 9 }, Hash = new('0', 64) }]));
        var key = imported[0].Value!;
        Assert.That((key.NotBefore, key.ExpiresAfterIdleDays), Is.EqualTo(((DateTimeOffset?)start.AddMilliseconds(-5), 9)));
    }
}
