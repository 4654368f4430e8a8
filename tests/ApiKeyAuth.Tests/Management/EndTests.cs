using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Management;

public sealed class EndTests
{
    [Test]
    public async Task Delete_Key_RemovesItsIdAndSecret()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        var deleted = await app.SendAsync(HttpMethod.Delete, $"/api-keys/{id}", admin);
        Assert.That((deleted.Status, deleted.Body), Is.EqualTo((204, "")));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(401));
        Assert.That((await app.GetAsync($"/api-keys/{id}", admin)).Status, Is.EqualTo(404));
        Assert.That((await app.SendAsync(HttpMethod.Delete, $"/api-keys/{id}", admin)).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Revoke_Self_Succeeds()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        Assert.That((await app.PostAsync("/api-keys/key1/revoke", admin))["status"], Is.EqualTo("revoked"));
        Assert.That(await app.UseAsync(admin, "/any"), Is.EqualTo(401));
    }

    [Test]
    public async Task RevokeLeaked_AnySecret_ReturnsTheSameResponse()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" }, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        var answers = new List<(int, string, string)>();
        foreach (var leaked in new[] { secret, secret, app.App.NewSecret(), "no key at all", "" })
        {
            var answer = await app.PostAsync("/api-keys/revoke-leaked", null, $$"""{"key":"{{leaked}}"}""");
            answers.Add((answer.Status, answer.Body, string.Join(',', answer.Headers.Keys.Order())));
        }

        Assert.That(answers.Distinct().ToList(), Has.Count.EqualTo(1));
        Assert.That(answers[0].Item1, Is.EqualTo(204));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(401));
        Assert.That((await app.GetAsync($"/api-keys/{id}", admin))["status"], Is.EqualTo("revoked"));
        Assert.That((await app.GetAsync($"/api-keys/{id}/audit", admin)).Body, Does.Contain($"\"actor\":\"key:{id}\""));
    }

    [Test]
    public async Task RevokeLeaked_InvalidBody_IsRejectedWithoutRepeatingIt()
    {
        await using var app = await ManagedApp.StartAsync();
        foreach (var (body, detail) in new[]
        {
            ("{}", "key is required"),
            ("""{"key":5}""", "key must be a valid string, and must not be repeated"),
            ("""{"key":"hunter3","key":"hunter3"}""", "key must be a valid string, and must not be repeated"),
            ("""{"hunter2":"hunter3"}""", "hunter2 is unknown; the object may contain key"),
            ("""{"key":"hunter3" """, "The body must be valid JSON with at most 8 nested levels and without unpaired surrogates"),
        })
        {
            var refused = await app.PostAsync("/api-keys/revoke-leaked", null, body);
            Assert.That((refused.Status, refused["detail"]), Is.EqualTo((400, detail)));
            Assert.That(refused.Body, Does.Not.Contain("hunter3"));
        }
    }

    [Test]
    public async Task RevokeLeaked_LimitOfOneNetwork_Is429AndDisabledIs404()
    {
        await using var app = await ManagedApp.StartAsync(
            options => options.Management.RevokeLeaked = new RateLimit(2, TimeSpan.FromMinutes(1)));
        var body = $$"""{"key":"{{app.App.NewSecret()}}"}""";
        await app.PostAsync("/api-keys/revoke-leaked", null, body);
        await app.PostAsync("/api-keys/revoke-leaked", null, body);
        var limited = await app.PostAsync("/api-keys/revoke-leaked", null, body);
        Assert.That((limited.Status, limited.Code, limited.Header("Retry-After")), Is.EqualTo((429, "rate_limit_exceeded", "60")));
        app.App.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That((await app.PostAsync("/api-keys/revoke-leaked", null, body)).Status, Is.EqualTo(204));

        await using var off = await ManagedApp.StartAsync(options => options.Management.RevokeLeaked = null);
        Assert.That((await off.PostAsync("/api-keys/revoke-leaked", null, body)).Code, Is.EqualTo("not_found"));
    }

    [Test]
    public async Task Purge_ExpiredKeys_DeletesThemAndKeepsOthers()
    {
        await using var app = await ManagedApp.StartAsync();
        var now = app.App.Clock.GetUtcNow();
        for (var index = 0; index < 450; index++)
        {
            var end = new ApiKeyExpiry(now.AddDays(index % 2 == 0 ? -10 : -1));
            await app.App.IssueAsync(key => key with { TenantId = index < 440 ? "t1" : "t2", ExpiresAt = end });
        }

        await app.App.IssueAsync(key => key with { TenantId = "t1", RevokedAt = now.AddDays(-20) });
        var caller = ApiKeyCaller.User("u", "t1", ScopeSet.Empty);

        Assert.That(
            (await app.ManageAsync(
                manager => manager.PurgeAsync(ApiKeyCaller.User("u", "t1", ScopeSet.Empty, isLimitedToOwnKeys: true), now))).Value,
            Is.Zero);
        Assert.That((await app.ManageAsync(manager => manager.PurgeAsync(caller, now.AddDays(-5)))).Value, Is.EqualTo(220));
        Assert.That(
            (await app.ManageAsync(manager => manager.PurgeAsync(caller, now.AddDays(500)))).Value,
            Is.EqualTo(220),
            "keys that have not expired are kept");
        Assert.That(await app.Store.CountAsync(new ApiKeyFilter { AllTenants = true }, CancellationToken.None), Is.EqualTo(11));
        app.Store.IsDown = true;
        Assert.That((await app.ManageAsync(manager => manager.PurgeAsync(ApiKeyCaller.System, now))).Error!.StatusCode, Is.EqualTo(503));
    }
}
