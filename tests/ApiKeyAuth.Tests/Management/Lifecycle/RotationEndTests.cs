using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Management.Lifecycle;

/// <summary>Tests ending a rotation before its grace period: with the new secret, or with the old one.</summary>
public sealed class RotationEndTests
{
    private const string NotRotating =
        "The API key has no retiring secret; only a rotation within its grace period can be completed or canceled";

    [Test]
    public async Task Complete_WithinTheGrace_EndsTheOldSecretNow()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old, fresh) = await RotateAsync(app, admin);

        var completed = await app.PostAsync($"/api-keys/{id}/rotate/complete", admin, null, "\"v2\"");

        Assert.That(
            (completed.Status, completed["id"], completed["key"], completed.Header("ETag")),
            Is.EqualTo((200, id, (string?)null, "\"v3\"")));
        Assert.That(
            (completed.Header("Cache-Control"), completed.Header("API-Key-Change-Reach")),
            Is.EqualTo(("no-store", "nodes=this, max-age=60")));
        var secrets = completed.Json.GetProperty("secrets");
        Assert.That((secrets.GetArrayLength(), secrets[0].GetProperty("expiresAt").GetString()), Is.EqualTo((1, (string?)null)));
        Assert.That((await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo((401, 200)));
        var again = await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":60}""");
        Assert.That(again.Status, Is.EqualTo(200), again.Body);
        await AssertAuditAsync(app, admin, id, "complete-rotation", old, fresh);
    }

    [Test]
    public async Task Cancel_WithinTheGrace_KeepsTheOldSecretForGood()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old, fresh) = await RotateAsync(app, admin);

        var canceled = await app.PostAsync($"/api-keys/{id}/rotate/cancel", admin, "{}", "\"v2\"");

        Assert.That(
            (canceled.Status, canceled["key"], canceled.Header("ETag"), canceled["hint"]),
            Is.EqualTo((200, (string?)null, "\"v3\"", old[^4..])));
        Assert.That((await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo((200, 401)));
        app.App.Clock.Advance(TimeSpan.FromDays(40));
        var used = await app.GetAsync("/a", old);
        Assert.That((used.Status, used.Header("Sunset"), used.Header("Deprecation")), Is.EqualTo((200, (string?)null, (string?)null)));
        await AssertAuditAsync(app, admin, id, "cancel-rotation", old, fresh);
    }

    [TestCase("complete")]
    [TestCase("cancel")]
    public async Task End_WithoutARotation_IsAConflict(string call)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);
        var (rotated, _, fresh) = await RotateAsync(app, admin);
        app.App.Clock.Advance(TimeSpan.FromMinutes(5));
        var revoked = await RotateAsync(app, admin);
        await app.PostAsync($"/api-keys/{revoked.Id}/revoke", admin);

        var never = await app.PostAsync($"/api-keys/{id}/rotate/{call}", admin);
        var over = await app.PostAsync($"/api-keys/{rotated}/rotate/{call}", admin);
        var ended = await app.PostAsync($"/api-keys/{revoked.Id}/rotate/{call}", admin);
        var unknown = await app.PostAsync($"/api-keys/none/rotate/{call}", admin);

        Assert.That((never.Status, never.Code, never["detail"]), Is.EqualTo((409, "conflict", NotRotating)));
        Assert.That((over.Status, over["detail"], await app.UseAsync(fresh)), Is.EqualTo((409, NotRotating, 200)));
        Assert.That((ended.Status, ended["detail"]), Is.EqualTo((409, "The API key is permanently revoked; create a new one")));
        Assert.That((unknown.Status, unknown.Code), Is.EqualTo((404, "not_found")));
    }

    [TestCase("complete")]
    [TestCase("cancel")]
    public async Task End_ByACallerThatMayNot_IsRejected(string call)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old, fresh) = await RotateAsync(app, admin);
        var otherTenant = await app.AdminAsync(key => key with { TenantId = "t2" }, "a:read");
        var otherEnvironment = await app.App.IssueAsync(
            key => key with { Environment = "live", Scopes = ScopeSet.Create(["keys:write", "a:read"]) }, "live");
        var reader = await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["keys:read", "a:read"]) });
        var path = $"/api-keys/{id}/rotate/{call}";

        var anonymous = await app.PostAsync(path, null);
        var byTenant = await app.PostAsync(path, otherTenant);
        var byEnvironment = await app.PostAsync(path, otherEnvironment);
        var byReader = await app.PostAsync(path, reader);
        var stale = await app.PostAsync(path, admin, null, "\"v1\"");
        var similar = await app.PostAsync(path, admin, null, "\"v02\"");
        var body = await app.PostAsync(path, admin, """{"graceSeconds":1}""");
        var text = await app.PostAsync(path, admin, "hunter2");

        Assert.That(
            new[] { anonymous, byTenant, byEnvironment, byReader, stale, similar, body, text }.Select(answer => answer.Status),
            Is.EqualTo(new[] { 401, 404, 403, 403, 412, 412, 400, 400 }));
        Assert.That(body.Fields, Is.EqualTo(new[] { "graceSeconds" }));
        Assert.That((await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo((200, 200)));
    }

    [Test]
    public async Task End_ByACallerWithFewerRights_MayCompleteButNotCancel()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old, fresh) = await RotateAsync(app, admin);
        var weak = await app.AdminAsync();

        var canceled = await app.PostAsync($"/api-keys/{id}/rotate/cancel", weak);
        var states = (await app.UseAsync(old), await app.UseAsync(fresh));
        var completed = await app.PostAsync($"/api-keys/{id}/rotate/complete", weak);

        Assert.That((canceled.Status, canceled.Code, states), Is.EqualTo((403, "insufficient_scope", (200, 200))));
        Assert.That((completed.Status, await app.UseAsync(old)), Is.EqualTo((200, 401)));
    }

    [Test]
    public async Task Cancel_PersonalKeyOfAnotherUser_IsRejected()
    {
        await using var app = await ManagedApp.StartAsync();
        await app.App.IssueAsync(key => key with
        {
            Kind = ApiKeyKinds.Personal,
            OwnerId = "u1",
            Secrets = [app.App.Hashed(app.App.NewSecret()), key.Secrets[0] with { ExpiresAt = app.App.Clock.GetUtcNow().AddHours(1) }],
        });
        var other = ApiKeyCaller.User("u2", null, ScopeSet.Create(["*"]));
        var canceled = await app.ManageAsync(manager => manager.CancelRotationAsync(other, "key1"));
        Assert.That((canceled.Error?.StatusCode, canceled.Error?.Message), Is.EqualTo(
            (403, "A personal key can only be created and rotated by the user it belongs to")));
        Assert.That((await app.ManageAsync(manager => manager.CompleteRotationAsync(other, "key1"))).Succeeded);
    }

    [TestCase("complete", 401, 200)]
    [TestCase("cancel", 200, 401)]
    public async Task End_ByTheKeyItself_Succeeds(string call, int oldStatus, int freshStatus)
    {
        await using var app = await ManagedApp.StartAsync();
        var old = await app.AdminAsync(null, "a:read");
        var fresh = (await app.PostAsync("/api-keys/key1/rotate", old, """{"graceSeconds":300}"""))["key"]!;
        Assert.That((await app.PostAsync($"/api-keys/key1/rotate/{call}", fresh)).Status, Is.EqualTo(200));
        Assert.That((await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo((oldStatus, freshStatus)));
    }

    [Test]
    public async Task End_TwentyConcurrently_ExactlyOneSucceeds()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old, fresh) = await RotateAsync(app, admin);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            index => app.PostAsync($"/api-keys/{id}/rotate/{(index % 2 == 0 ? "complete" : "cancel")}", admin)));
        Assert.That(answers.Count(answer => answer.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Code == "conflict"), Is.EqualTo(19));
        Assert.That(await app.UseAsync(old) + await app.UseAsync(fresh), Is.EqualTo(601), "one secret is left");
    }

    [TestCase("complete")]
    [TestCase("cancel")]
    public async Task End_StoreDownOrLosesTheAnswer_IsReportedAndNeverServesTheOldState(string call)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old, fresh) = await RotateAsync(app, admin);
        Assert.That((await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo((200, 200)));

        app.Store.IsDown = true;
        var down = await app.PostAsync($"/api-keys/{id}/rotate/{call}", admin);
        app.Store.IsDown = false;
        app.Store.LosesAnswers = true;
        var lost = await app.PostAsync($"/api-keys/{id}/rotate/{call}", admin);
        app.Store.LosesAnswers = false;

        Assert.That((down.Status, lost.Status), Is.EqualTo((503, 503)));
        Assert.That(
            (await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo(call == "complete" ? (401, 200) : (200, 401)));
    }

    [Test]
    public async Task Cancel_AfterADiscard_KeepsTheRetiringSecret()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old, lost) = await RotateAsync(app, admin);
        var fresh = (await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"discardCurrent":true}"""))["key"]!;
        Assert.That((await app.PostAsync($"/api-keys/{id}/rotate/cancel", admin)).Status, Is.EqualTo(200));
        Assert.That((await app.UseAsync(old), await app.UseAsync(lost), await app.UseAsync(fresh)), Is.EqualTo((200, 401, 401)));
    }

    private static async Task<(string Id, string Old, string Fresh)> RotateAsync(ManagedApp app, string admin)
    {
        var (id, old) = await app.CreateAsync(admin);
        var rotated = await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":300}""");
        return (id, old, rotated["key"]!);
    }

    private static async Task AssertAuditAsync(ManagedApp app, string admin, string id, string action, string old, string fresh)
    {
        var audit = await app.GetAsync($"/api-keys/{id}/audit", admin);
        var entry = audit.Json.GetProperty("entries").EnumerateArray().Single(each => each.GetProperty("action").GetString() == action);
        var secrets = entry.GetProperty("changes").GetProperty("secrets");
        Assert.That(entry.GetProperty("actor").GetString(), Is.EqualTo("key:key1"));
        Assert.That(secrets.GetProperty("from").GetString(), Does.Contain($"…{fresh[^4..]}").And.Contain($"…{old[^4..]} until "));
        Assert.That(secrets.GetProperty("to").GetString(), Is.EqualTo($"…{(action == "complete-rotation" ? fresh : old)[^4..]}"));
        Assert.That(audit.Body, Does.Not.Contain(old).And.Not.Contain(fresh));
    }
}
