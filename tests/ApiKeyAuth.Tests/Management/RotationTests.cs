using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

public sealed class RotationTests
{
    [Test]
    public async Task Rotate_WithGrace_BothAreValidAndTheOldOneIsDeprecated()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old) = await app.CreateAsync(admin);
        app.App.Clock.Advance(TimeSpan.FromHours(1));

        var rotated = await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":300}""");

        Assert.That(
            (rotated.Status, rotated["id"], rotated.Header("Cache-Control"), rotated.Header("ETag")),
            Is.EqualTo((200, id, "no-store", "\"v2\"")));
        var fresh = rotated["key"]!;
        Assert.That(rotated.Json.GetProperty("secrets")[1].GetProperty("expiresAt").GetString(), Is.EqualTo("2026-01-01T01:05:00Z"));
        var byOld = await app.GetAsync("/a", old);
        Assert.That(
            (byOld.Status, byOld.Header("Deprecation"), byOld.Header("Sunset")),
            Is.EqualTo((200, "@1767229200", "Thu, 01 Jan 2026 01:05:00 GMT")));
        var refused = await app.GetAsync("/api-keys", old);
        Assert.That((refused.Status, refused.Header("Sunset")), Is.EqualTo((403, "Thu, 01 Jan 2026 01:05:00 GMT")));
        var byFresh = await app.GetAsync("/a", fresh);
        Assert.That(
            (byFresh.Status, byFresh.Header("Deprecation"), byFresh.Header("Sunset")), Is.EqualTo((200, (string?)null, (string?)null)));
        app.App.Clock.Advance(TimeSpan.FromSeconds(300));
        Assert.That((await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task Rotate_WithoutGrace_EndsTheOldSecretAndNeedsNoBody()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old) = await app.CreateAsync(admin);
        Assert.That(await app.UseAsync(old), Is.EqualTo(200));
        var fresh = (await app.PostAsync($"/api-keys/{id}/rotate", admin))["key"]!;
        Assert.That((await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task Rotate_NearTheKeysExpiration_RetiresAtMostUntilThen()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin, """{"name":"n","expiresAt":"2026-01-01T00:01:00Z"}""");
        var rotated = await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":300}""");
        Assert.That(rotated.Json.GetProperty("secrets")[1].GetProperty("expiresAt").GetString(), Is.EqualTo("2026-01-01T00:01:00Z"));
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(
            (await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"discardCurrent":true}""")).Status,
            Is.EqualTo(409),
            "it has expired");
    }

    [TestCase(0)]
    [TestCase(300)]
    public async Task Rotate_TwentyConcurrently_ExactlyOneSucceeds(int grace)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old) = await app.CreateAsync(admin);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            app.PostAsync($"/api-keys/{id}/rotate", admin, $$"""{"graceSeconds":{{grace}}}""", "\"v1\"")));

        var won = answers.Where(answer => answer.Status == 200).ToList();
        Assert.That(won, Has.Count.EqualTo(1));
        Assert.That(answers.Except(won).Select(answer => answer.Status), Is.All.AnyOf(409, 412));
        Assert.That((await app.UseAsync(won[0]["key"]!), await app.UseAsync(old)), Is.EqualTo((200, grace == 0 ? 401 : 200)));
    }

    [Test]
    public async Task Rotate_TwentyConcurrentlyWithoutIfMatch_ExactlyOneSucceeds()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => app.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":300}""")));
        Assert.That(answers.Count(answer => answer.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Code == "conflict"), Is.EqualTo(19));
    }

    [Test]
    public async Task Rotate_DiscardCurrent_ReplacesALostSecret()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old) = await app.CreateAsync(admin);
        var lost = (await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":300}"""))["key"]!;
        Assert.That((await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":300}""")).Code, Is.EqualTo("conflict"));

        var fresh = (await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"discardCurrent":true}"""))["key"]!;

        Assert.That((await app.UseAsync(old), await app.UseAsync(lost), await app.UseAsync(fresh)), Is.EqualTo((200, 401, 200)));
        app.App.Clock.Advance(TimeSpan.FromSeconds(301));
        Assert.That((await app.UseAsync(old), await app.UseAsync(fresh)), Is.EqualTo((401, 200)));
    }

    [TestCase("""{"graceSeconds":-1}""", "graceSeconds")]
    [TestCase("""{"graceSeconds":86401}""", "graceSeconds")]
    [TestCase("""{"graceSeconds":"5"}""", "graceSeconds")]
    [TestCase("""{"graceSeconds":1e2,"discardCurrent":1,"grace":5}""", "graceSeconds,discardCurrent,grace")]
    public async Task Rotate_InvalidBody_ReportsTheFields(string body, string fields)
    {
        await using var app = await ManagedApp.StartAsync(options => options.Management.MaxRotationGrace = TimeSpan.FromDays(1));
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);
        Assert.That((await app.PostAsync($"/api-keys/{id}/rotate", admin, body)).Fields, Is.EquivalentTo(fields.Split(',')));
    }

    [Test]
    public async Task Rotate_LimitedKey_KeepsItsWindow()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, old) = await app.CreateAsync(admin, """{"name":"n","scopes":["a:read"],"rateLimits":["2/hour"]}""");
        Assert.That((await app.UseAsync(old), await app.UseAsync(old)), Is.EqualTo((200, 200)));
        var fresh = (await app.PostAsync($"/api-keys/{id}/rotate", admin, """{"graceSeconds":60}"""))["key"]!;
        Assert.That((await app.UseAsync(fresh), await app.UseAsync(old)), Is.EqualTo((429, 429)));
    }

    [Test]
    public async Task SecretAge_NearTheMaximum_IsLoggedAndCountedDaily()
    {
        var counts = new List<long>();
        await using var app = await ManagedApp.StartAsync(options =>
            (options.Management.MaxSecretAge, options.Management.SecretAgeNotice) = (TimeSpan.FromDays(100), TimeSpan.FromDays(10)));
        using var listener = new MeterListener();
        var factory = app.App.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "apikeyauth.secrets.due" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => { lock (counts) { counts.Add(count); } });
        listener.Start();
        var created = app.App.Clock.GetUtcNow();
        var secrets = new List<string>();
        for (var index = 0; index < 205; index++)
        {
            secrets.Add(
                await app.App.IssueAsync(key => key with { CreatedAt = created, Secrets = [key.Secrets[0] with { CreatedAt = created }] }));
        }

        await app.App.ChangeAsync(key => key with { RevokedAt = created });
        for (var day = 0; day < 90; day++)
        {
            app.App.Clock.Advance(TimeSpan.FromDays(1));
            await Eventually.IsTrueAsync(() => { lock (counts) { return counts.Count > day; } });
        }

        Assert.That(counts[..^1], Is.All.Zero);
        Assert.That(counts[^1], Is.EqualTo(204), "more than a page, and not the revoked one");
        var warnings = app.App.Logs.Entries.Where(entry => entry.EventId == 51).ToList();
        Assert.That(warnings, Has.Count.EqualTo(204));
        Assert.That(warnings[0].Text, Does.Contain("90 days"));
        Assert.That(
            secrets.Where(secret => warnings.Exists(entry => entry.Text.Contains(secret[^8..], StringComparison.Ordinal))), Is.Empty);
    }
}
