using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management.Leaks;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests that canceling a rotation does not keep a secret that leaked.</summary>
public sealed class LeakedRotationTests
{
    private const string Refusal =
        "The retiring secret of the API key leaked, so it cannot be kept; complete the rotation, or rotate again with discardCurrent to "
        + "receive a new secret";

    [Test]
    public async Task Cancel_RotationOfALeakReport_IsAConflictAndCompleteEndsTheSecret()
    {
        await using var app = await StartAsync();
        var (admin, id, leaked) = await CreateAsync(app);
        await app.ReportAsync(LeakApp.Report(leaked));

        var canceled = await app.Keys.PostAsync($"/api-keys/{id}/rotate/cancel", admin);

        Assert.That((canceled.Status, canceled.Code, canceled["detail"]), Is.EqualTo((409, "conflict", Refusal)));
        Assert.That(await app.Keys.UseAsync(leaked), Is.EqualTo(200), "its grace is not over");
        Assert.That((await app.Keys.PostAsync($"/api-keys/{id}/rotate/complete", admin)).Status, Is.EqualTo(200));
        Assert.That(await app.Keys.UseAsync(leaked), Is.EqualTo(401));
    }

    [Test]
    public async Task Cancel_ByTheManager_IsAConflict()
    {
        await using var app = await StartAsync();
        var leaked = await app.IssueAsync();
        await app.ReportAsync(LeakApp.Report(leaked));
        var canceled = await app.Keys.ManageAsync(manager => manager.CancelRotationAsync(ApiKeyCaller.System, "key1"));
        Assert.That((canceled.Error?.StatusCode, canceled.Error?.Message), Is.EqualTo((409, Refusal)));
    }

    [Test]
    public async Task Cancel_AfterAnotherRotation_StaysAConflict()
    {
        await using var app = await StartAsync();
        var (admin, id, leaked) = await CreateAsync(app);
        await app.ReportAsync(LeakApp.Report(leaked));
        var replaced = await app.Keys.PostAsync($"/api-keys/{id}/rotate", admin, """{"discardCurrent":true}""");

        var canceled = await app.Keys.PostAsync($"/api-keys/{id}/rotate/cancel", admin);

        Assert.That((replaced.Status, canceled.Status), Is.EqualTo((200, 409)));
        Assert.That(await app.Keys.UseAsync(replaced["key"]!), Is.EqualTo(200));
        app.App.Clock.Advance(TimeSpan.FromHours(1));
        var next = await app.Keys.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":60}""");
        canceled = await app.Keys.PostAsync($"/api-keys/{id}/rotate/cancel", admin);
        Assert.That((next.Status, canceled.Status), Is.EqualTo((200, 200)), "the secret of the later rotation did not leak");
        Assert.That(await app.Keys.UseAsync(replaced["key"]!), Is.EqualTo(200));
    }

    [TestCase(2)]
    [TestCase(60 * 24)]
    public async Task Cancel_OwnRotationWhoseRetiringSecretLeaked_IsAConflict(int graceMinutes)
    {
        await using var app = await StartAsync();
        var (admin, id, leaked) = await CreateAsync(app);
        var rotated = await app.Keys.PostAsync($"/api-keys/{id}/rotate", admin, $$"""{"graceSeconds":{{graceMinutes * 60}}}""");
        await app.ReportAsync(LeakApp.Report(leaked));
        var version = (await app.GetAsync(id)).Version;
        await app.ReportAsync(LeakApp.Report(leaked));

        var canceled = await app.Keys.PostAsync($"/api-keys/{id}/rotate/cancel", admin);

        Assert.That((rotated.Status, canceled.Status, canceled["detail"]), Is.EqualTo((200, 409, Refusal)));
        Assert.That((await app.GetAsync(id)).Version, Is.EqualTo(version), "a repeated report changes nothing");
        Assert.That((await app.GetAuditEntryAsync(id)).Changes, Does.Contain(" leaked"));
        app.App.Clock.Advance(TimeSpan.FromMinutes(Math.Min(graceMinutes, 60)));
        Assert.That((await app.Keys.UseAsync(leaked), await app.Keys.UseAsync(rotated["key"]!)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task Report_CurrentSecretDuringARotation_MarksThatSecretOnly()
    {
        await using var app = await StartAsync();
        var (admin, id, _) = await CreateAsync(app);
        var rotated = await app.Keys.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":600}""");
        await app.ReportAsync(LeakApp.Report(rotated["key"]!));
        var key = await app.GetAsync(id);
        var now = app.App.Clock.GetUtcNow();
        Assert.That(key.Secrets.Select(secret => secret.LeakedAt), Is.EqualTo(new DateTimeOffset?[] { null, now, null }));
        Assert.That((await app.Keys.PostAsync($"/api-keys/{id}/rotate/cancel", admin)).Status, Is.EqualTo(409));
    }

    private static Task<LeakApp> StartAsync() => LeakApp.StartAsync(options => options.LeakReports.Action = ApiKeyLeakAction.Rotate);

    private static async Task<(string Admin, string Id, string Secret)> CreateAsync(LeakApp app)
    {
        var admin = await app.Keys.AdminAsync(null, "a:read");
        var (id, secret) = await app.Keys.CreateAsync(admin);
        return (admin, id, secret);
    }
}
