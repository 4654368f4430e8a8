using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests revocations with a reason and cascading revocations.</summary>
public sealed class CascadeTests
{
    private const string Cascade = """{"cascade":true,"reason":"compromised"}""";

    [Test]
    public async Task Revoke_WithoutCascade_KeepsKeysItCreated()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var child = await ChildAsync(app, "key1");
        foreach (var body in new[] { null, "", "{}", """{"cascade":false}""", """{"cascade":null,"reason":null}""" })
        {
            var target = await ChildAsync(app, "key1");
            var grandchild = await ChildAsync(app, target.Id);
            var revoked = await app.PostAsync($"/api-keys/{target.Id}/revoke", admin, body);
            Assert.That((revoked.Status, revoked["revokedCount"]), Is.EqualTo((200, "1")), body);
            Assert.That(revoked["revocationReason"], Is.Null);
            Assert.That((await app.UseAsync(target.Secret), await app.UseAsync(grandchild.Secret)), Is.EqualTo((401, 200)));
        }

        Assert.That(await app.UseAsync(child.Secret), Is.EqualTo(200));
    }

    [Test]
    public async Task Revoke_Cascade_RevokesAllDescendants()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var root = await ChildAsync(app, "key1");
        var child = await ChildAsync(app, root.Id);
        var grandchild = await ChildAsync(app, child.Id);
        var sibling = await ChildAsync(app, "key1");
        var lookAlike = await ChildAsync(app, root.Id.ToUpperInvariant());
        foreach (var key in new[] { root, child, grandchild, sibling, lookAlike })
        {
            Assert.That(await app.UseAsync(key.Secret), Is.EqualTo(200));
        }

        app.App.Clock.Advance(TimeSpan.FromSeconds(90));
        var revoked = await app.PostAsync($"/api-keys/{root.Id}/revoke", admin, Cascade);

        Assert.That((revoked.Status, revoked["revokedCount"], revoked["status"]), Is.EqualTo((200, "3", "revoked")), revoked.Body);
        Assert.That((revoked["revokedAt"], revoked["revocationReason"]), Is.EqualTo(("2026-01-01T00:01:30Z", "compromised")));
        foreach (var (key, status) in new[] { (root, 401), (child, 401), (grandchild, 401), (sibling, 200), (lookAlike, 200) })
        {
            Assert.That(await app.UseAsync(key.Secret), Is.EqualTo(status), key.Id);
        }

        var read = await app.GetAsync($"/api-keys/{grandchild.Id}", admin);
        Assert.That((read["revocationReason"], read["revokedCount"]), Is.EqualTo(("compromised", (string?)null)));
        var audit = await app.GetAsync($"/api-keys/{grandchild.Id}/audit", admin);
        Assert.That(audit.Body, Does.Contain("""{"from":null,"to":"compromised"}""").And.Contain("\"actor\":\"key:key1\""));
    }

    [Test]
    public async Task Revoke_CascadeWithPagesAndRevokedKeys_RevokesEveryKey()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var root = await ChildAsync(app, "key1");
        var revokedBefore = await ChildAsync(app, root.Id, key => key with { RevokedAt = key.CreatedAt, RevocationReason = "before" });
        var behind = await ChildAsync(app, revokedBefore.Id);
        for (var index = 0; index < 450; index++)
        {
            await ChildAsync(app, index < 430 ? root.Id : behind.Id);
        }

        var revoked = await app.PostAsync($"/api-keys/{root.Id}/revoke", admin, Cascade);

        Assert.That(revoked["revokedCount"], Is.EqualTo("452"));
        var active = new ApiKeyFilter { Status = ApiKeyStatus.Active, Now = app.App.Clock.GetUtcNow() };
        Assert.That(await app.Store.CountAsync(active, CancellationToken.None), Is.EqualTo(1), "the admin's own");
        Assert.That((await app.GetAsync($"/api-keys/{revokedBefore.Id}", admin))["revocationReason"], Is.EqualTo("before"), "it is kept");
    }

    [Test]
    public async Task Revoke_CascadePastADeletedKey_RevokesKeysItCreated()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        const string Manages = """{"name":"n","scopes":["keys:write","keys:read","a:read"]}""";
        var root = await app.CreateAsync(admin, Manages);
        var between = await app.CreateAsync(root.Secret, Manages);
        var hidden = await app.CreateAsync(between.Secret);
        Assert.That((await app.SendAsync(HttpMethod.Delete, $"/api-keys/{between.Id}", root.Secret)).Status, Is.EqualTo(204));

        var revoked = await app.PostAsync($"/api-keys/{root.Id}/revoke", admin, Cascade);

        Assert.That(revoked["revokedCount"], Is.EqualTo("2"));
        Assert.That(await app.UseAsync(hidden.Secret), Is.EqualTo(401));
    }

    [Test]
    public async Task Revoke_CascadeWithACycle_Completes()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var first = await ChildAsync(app, "circle-b", key => key with { Id = "circle-a" });
        await ChildAsync(app, first.Id, key => key with { Id = "circle-b" });
        await ChildAsync(app, "selfmade", key => key with { Id = "selfmade" });
        Assert.That((await app.PostAsync("/api-keys/circle-a/revoke", admin, Cascade))["revokedCount"], Is.EqualTo("2"));
        Assert.That((await app.PostAsync("/api-keys/selfmade/revoke", admin, Cascade))["revokedCount"], Is.EqualTo("1"));
    }

    [Test]
    public async Task Revoke_CascadeIntoAnotherTenant_StopsUnlessTheCallerCanSeeIt()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" });
        var root = await ChildAsync(app, "key1", key => key with { TenantId = "t1" });
        var foreign = await ChildAsync(app, root.Id, key => key with { TenantId = "t2" });

        var revoked = await app.PostAsync($"/api-keys/{root.Id}/revoke", admin, Cascade);

        Assert.That((revoked.Status, revoked["revokedCount"]), Is.EqualTo((200, "1")));
        Assert.That(await app.UseAsync(foreign.Secret), Is.EqualTo(200));
        var cascade = new ApiKeyRevocation { Cascade = true };
        var byApp = await app.ManageAsync(manager => manager.RevokeAsync(ApiKeyCaller.System, root.Id, cascade));
        Assert.That(byApp.Value!.RevokedCount, Is.EqualTo(1));
        Assert.That(await app.UseAsync(foreign.Secret), Is.EqualTo(401));
    }

    [Test]
    public async Task Revoke_CascadeWithKeysTheCallerMayNotChange_RevokesNone()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var root = await ChildAsync(app, "key1");
        var child = await ChildAsync(app, root.Id);
        await ChildAsync(app, child.Id, key => key with { Environment = "live" });
        await ChildAsync(app, child.Id, key => key with { Environment = null });
        await ChildAsync(app, child.Id, key => key with { Environment = "live", RevokedAt = key.CreatedAt });

        var refused = await app.PostAsync($"/api-keys/{root.Id}/revoke", admin, Cascade);

        Assert.That((refused.Status, refused.Code), Is.EqualTo((403, "forbidden")));
        Assert.That(refused["detail"], Does.Contain("may not revoke 2 of the API keys").And.Contain("none was revoked"));
        Assert.That((await app.UseAsync(root.Secret), await app.UseAsync(child.Secret)), Is.EqualTo((200, 200)));
        Assert.That((await app.PostAsync($"/api-keys/{root.Id}/revoke", admin))["revokedCount"], Is.EqualTo("1"), "alone it may be");

        var owner = ApiKeyCaller.User("u1", null, ScopeSet.Empty, isLimitedToOwnKeys: true);
        var personal = await ChildAsync(app, "key1", key => key with { Kind = "personal", OwnerId = "u1" });
        var shared = await ChildAsync(app, personal.Id);
        var limited = await app.ManageAsync(manager => manager.RevokeAsync(owner, personal.Id, new ApiKeyRevocation { Cascade = true }));
        Assert.That((limited.Error!.StatusCode, limited.Error.Message.Contains("1 of", StringComparison.Ordinal)), Is.EqualTo((403, true)));
        Assert.That(await app.UseAsync(shared.Secret), Is.EqualTo(200));
    }

    [Test]
    public async Task Revoke_CascadeWithLostResponse_IsCompletedByARetry()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var root = await ChildAsync(app, "key1");
        var child = await ChildAsync(app, root.Id);
        var grandchild = await ChildAsync(app, child.Id);
        Assert.That((await app.UseAsync(root.Secret), await app.UseAsync(child.Secret)), Is.EqualTo((200, 200)));
        app.Store.LosesAnswers = true;

        var failed = await app.PostAsync($"/api-keys/{root.Id}/revoke", admin, Cascade);
        app.Store.LosesAnswers = false;
        var states = (await app.UseAsync(root.Secret), await app.UseAsync(grandchild.Secret));
        var repeated = await app.PostAsync($"/api-keys/{root.Id}/revoke", admin, Cascade);

        Assert.That(failed.Status, Is.EqualTo(503));
        Assert.That(states, Is.EqualTo((401, 200)), "it had come as far as the key itself");
        Assert.That((repeated.Status, repeated["revokedCount"]), Is.EqualTo((200, "2")));
        Assert.That((await app.UseAsync(child.Secret), await app.UseAsync(grandchild.Secret)), Is.EqualTo((401, 401)));
    }

    [TestCase("""{"reason":""}""", "reason")]
    [TestCase("""{"reason":" "}""", "reason")]
    [TestCase("""{"reason":5}""", "reason")]
    [TestCase("{\"reason\":\"a\\u202Eb\"}", "reason")]
    [TestCase("{\"reason\":\"a\\nb\"}", "reason")]
    [TestCase("""{"cascade":"true"}""", "cascade")]
    [TestCase("""{"cascade":1}""", "cascade")]
    [TestCase("""{"reason":"a","reason":"b"}""", "reason")]
    [TestCase("""{"force":true}""", "force")]
    [TestCase("""{"revokedAt":"2026-01-01"}""", "revokedAt")]
    public async Task Revoke_InvalidBody_ReportsTheFieldsAndRevokesNothing(string body, string fields)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        var refused = await app.PostAsync($"/api-keys/{id}/revoke", admin, body);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((400, "invalid_request")), refused.Body);
        Assert.That(refused.Fields, Is.EquivalentTo(fields.Split(',')));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
    }

    [Test]
    public async Task Revoke_Reason_IsTrimmedLimitedStoredAndRedacted()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        var tooLong = await app.PostAsync($"/api-keys/{id}/revoke", admin, $$"""{"reason":"{{new string('x', 501)}}"}""");
        Assert.That(tooLong.Fields, Is.EqualTo(new[] { "reason" }));

        var revoked = await app.PostAsync($"/api-keys/{id}/revoke", admin, $$"""{"reason":" {{secret}} leaked "}""");
        var again = await app.PostAsync($"/api-keys/{id}/revoke", admin, """{"reason":"another"}""");

        Assert.That(revoked["revocationReason"], Is.EqualTo("key_test_*** leaked"));
        Assert.That((again["revocationReason"], again["revokedCount"]), Is.EqualTo(("key_test_*** leaked", "0")));
        Assert.That(again.Header("ETag"), Is.EqualTo(revoked.Header("ETag")));
        var longest = await app.CreateAsync(admin);
        var kept = await app.PostAsync($"/api-keys/{longest.Id}/revoke", admin, $$"""{"reason":"{{new string('x', 500)}}"}""");
        Assert.That(kept.Status, Is.EqualTo(200));
    }

    /// <summary>Issues a key with the scope <c>a:read</c> that was created by another key.</summary>
    private static async Task<(string Id, string Secret)> ChildAsync(ManagedApp app, string creator, Func<ApiKey, ApiKey>? with = null)
    {
        var id = "";
        var secret = await app.App.IssueAsync(key =>
        {
            key = key with { CreatedBy = $"key:{creator}", CreatedAt = app.App.Clock.GetUtcNow(), Scopes = ScopeSet.Create(["a:read"]) };
            key = with is null ? key : with(key);
            id = key.Id;
            return key;
        });
        return (id, secret);
    }
}
