using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Tests.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management.Lifecycle;

/// <summary>Tests keys that expire when they are not used.</summary>
public sealed class IdleTests
{
    private const string TwoDays = """{"name":"n","scopes":["a:read"],"expiresAfterIdleDays":2}""";
    private static readonly TimeSpan IdleTime = TimeSpan.FromDays(2) + ApiKey.IdleTolerance;
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Test]
    public async Task Use_WithinTheIdleTime_ExtendsTheKeyUntilItIsNotUsed()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin, TwoDays);
        for (var use = 0; use < 4; use++)
        {
            app.App.Clock.Advance(IdleTime - Tick);
            Assert.That(await app.UseAsync(secret), Is.EqualTo(200), $"use {use}");
            await app.FlushAsync();
        }

        app.App.Clock.Advance(IdleTime);
        var expired = await app.GetAsync("/a", secret);
        var read = await app.GetAsync($"/api-keys/{id}", admin);
        var listed = await app.GetAsync("/api-keys?status=idle", admin);

        Assert.That((expired.Status, expired.Code), Is.EqualTo((401, "expired_api_key")));
        Assert.That(expired["detail"], Is.EqualTo("API key expired because it was not used for 2 days"));
        Assert.That((read["status"], read["expiresAfterIdleDays"], read["expiresAt"]), Is.EqualTo(("idle", "2", (string?)null)));
        Assert.That(listed.Json.GetProperty("keys")[0].GetProperty("id").GetString(), Is.EqualTo(id));
        Assert.That(app.App.Logs.Entries.Select(entry => entry.Text), Has.Some.Contains("Idle"));
    }

    [Test]
    public async Task Use_OfAnIdleKey_DoesNotReviveIt()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin, TwoDays);
        app.App.Clock.Advance(IdleTime);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.That(await app.UseAsync(secret), Is.EqualTo(401));
            var verified = await app.PostAsync("/api-keys/verify", admin, $$"""{"key":"{{secret}}"}""");
            Assert.That(verified["code"], Is.EqualTo("expired_api_key"));
            await app.FlushAsync();
            app.App.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        var key = await app.KeyAsync(id);
        Assert.That((key.UsageCount, key.LastUsedAt), Is.EqualTo((6L, (DateTimeOffset?)null)), "counted, but not as uses");
    }

    [Test]
    public async Task Use_NeverUsed_CountsFromTheStart()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        const string Body = """{"name":"n","scopes":["a:read"],"expiresAfterIdleDays":2,"notBefore":"2026-01-11"}""";
        var (_, early) = await app.CreateAsync(admin, Body);
        var (_, late) = await app.CreateAsync(admin, Body);
        app.App.Clock.Advance(TimeSpan.FromDays(10) + IdleTime - Tick);
        Assert.That(await app.UseAsync(early), Is.EqualTo(200));
        app.App.Clock.Advance(Tick);
        Assert.That(await app.UseAsync(late), Is.EqualTo(401));
    }

    [Test]
    public async Task Use_FlushOfThisNodeIsLate_KeepsTheKey()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin, TwoDays);
        app.App.Clock.Advance(TimeSpan.FromDays(1));
        app.Store.LosesUsage = true;
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        await app.FlushAsync();
        app.App.Clock.Advance(IdleTime - Tick);
        var used = await app.UseAsync(secret);
        await app.FlushAsync();
        app.App.Clock.Advance(IdleTime - Tick);
        var usedAgain = await app.UseAsync(secret);

        Assert.That((used, usedAgain, (await app.KeyAsync(id)).LastUsedAt), Is.EqualTo((200, 200, (DateTimeOffset?)null)));
        app.App.Clock.Advance(IdleTime);
        Assert.That(await app.UseAsync(secret), Is.EqualTo(401));
    }

    [Test]
    public async Task Update_IdleTime_RevivesTheKeyAndIsAudited()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin, TwoDays);
        app.App.Clock.Advance(IdleTime);
        Assert.That(await app.UseAsync(secret), Is.EqualTo(401));
        var rotated = await app.PostAsync($"/api-keys/{id}/rotate", admin, "{}");

        var longer = await app.PatchAsync($"/api-keys/{id}", admin, """{"expiresAfterIdleDays":3}""");
        var used = await app.UseAsync(secret);
        var cleared = await app.PatchAsync($"/api-keys/{id}", admin, """{"expiresAfterIdleDays":null}""");

        Assert.That((rotated.Status, rotated["detail"]), Is.EqualTo(
            (409, "The API key has expired because it was not used; change expiresAfterIdleDays first")));
        Assert.That((longer["status"], used, cleared["expiresAfterIdleDays"]), Is.EqualTo(("active", 200, (string?)null)));
        var audit = await app.GetAsync($"/api-keys/{id}/audit", admin);
        Assert.That(audit.Body, Does.Contain("""{"expiresAfterIdleDays":{"from":"2","to":"3"}}"""));
    }

    [TestCase("-1", "must be from 1 to 36500")]
    [TestCase("0", "must be from 1 to 36500")]
    [TestCase("36501", "must be from 1 to 36500")]
    [TestCase("1.5", null)]
    [TestCase("\"5\"", null)]
    [TestCase("3000000000", null)]
    [TestCase("true", null)]
    public async Task Create_InvalidIdleTime_IsRejected(string value, string? fault)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var created = await app.PostAsync("/api-keys", admin, $$"""{"name":"n","scopes":[],"expiresAfterIdleDays":{{value}}}""");
        var changed = await app.PatchAsync("/api-keys/key1", admin, $$"""{"expiresAfterIdleDays":{{value}}}""");
        foreach (var refused in new[] { created, changed })
        {
            Assert.That((refused.Status, refused.Code), Is.EqualTo((400, "invalid_request")), refused.Body);
            Assert.That(refused.Fields, Is.EqualTo(new[] { "expiresAfterIdleDays" }));
            if (fault is not null)
            {
                Assert.That(refused["detail"], Is.EqualTo($"expiresAfterIdleDays {fault}"));
            }
        }
    }

    [Test]
    public async Task Create_UsageNotCounted_IsRejected()
    {
        await using var app = await ManagedApp.StartAsync(options => options.Usage.Enabled = false);
        await AssertNotSupportedAsync(app.App.Services, "this app does not count the usage of API keys");
        await using var plain = await TestApp.StartAsync(
            _ => { },
            store: new PlainStore(),
            services: all => all.AddSingleton<ApiKeyAuth.Stores.IWritableApiKeyStore>(
                provider => (PlainStore)provider.GetServices<ApiKeyAuth.Stores.IApiKeyStore>().Last()));
        await AssertNotSupportedAsync(plain.Services, "the store does not count the usage of API keys");
    }

    [Test]
    public async Task Create_ByAKeyWithAnIdleTime_IsBoundedByIt()
    {
        await using var app = await ManagedApp.StartAsync();
        var now = app.App.Clock.GetUtcNow();
        var admin = await app.AdminAsync(key => key with { ExpiresAfterIdleDays = 30, CreatedAt = now }, "a:read");
        async Task<ManagedApp.Answer> CreateAsync(string days) =>
            await app.PostAsync("/api-keys", admin, $$"""{"name":"n","scopes":["a:read"]{{days}}}""");

        var inherited = await CreateAsync("");
        var longer = await CreateAsync(""","expiresAfterIdleDays":31""");
        var shorter = await CreateAsync(""","expiresAfterIdleDays":29""");
        var widened = await app.PatchAsync($"/api-keys/{shorter["id"]}", admin, """{"expiresAfterIdleDays":null}""");
        var narrowed = await app.PatchAsync($"/api-keys/{shorter["id"]}", admin, """{"expiresAfterIdleDays":1}""");

        Assert.That((inherited["expiresAfterIdleDays"], shorter["expiresAfterIdleDays"]), Is.EqualTo(("30", "29")));
        Assert.That((longer.Status, longer["detail"]), Is.EqualTo(
            (403, "The caller expires after 30 days without a use; a key that it creates must not expire later")));
        Assert.That((widened.Status, narrowed["expiresAfterIdleDays"]), Is.EqualTo((403, "1")));
    }

    [Test]
    public async Task Update_IdleTimeByACallerWithFewerRights_MayOnlyShorten()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var now = app.App.Clock.GetUtcNow();
        await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["a:read"]), CreatedAt = now, ExpiresAfterIdleDays = 10 });
        async Task<int> PatchAsync(string days) =>
            (await app.PatchAsync("/api-keys/key2", admin, $$"""{"expiresAfterIdleDays":{{days}}}""")).Status;
        Assert.That((await PatchAsync("11"), await PatchAsync("null"), await PatchAsync("9")), Is.EqualTo((403, 403, 200)));
    }

    [Test]
    public async Task Error_OfAnIdleKey_ToldToTheApp_NamesItsEnd()
    {
        ApiKeyError? reported = null;
        await using var app = await ManagedApp.StartAsync(
            options => options.Errors.WriteBody = (_, error) =>
            {
                reported = error;
                return Task.CompletedTask;
            });
        var admin = await app.AdminAsync(null, "a:read");
        var (_, secret) = await app.CreateAsync(admin, """{"name":"n","scopes":["a:read"],"expiresAfterIdleDays":1}""");
        app.App.Clock.Advance(TimeSpan.FromDays(30));
        await app.UseAsync(secret);
        Assert.That(
            (reported?.Message, reported?.ExpiredAt?.ToString()),
            Is.EqualTo(("API key expired because it was not used for 1 day", "2026-01-02T01:00:00Z")));
    }

    private static async Task AssertNotSupportedAsync(IServiceProvider services, string reason)
    {
        await using var scope = services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
        var request = new NewApiKey { Name = "n", Scopes = [], ExpiresAfterIdleDays = 5 };
        var created = await manager.CreateAsync(ApiKeyCaller.System, request);
        var imported = await manager.ImportAsync(ApiKeyCaller.System, [new ImportedApiKey { Key = request, Hash = new('0', 64) }]);
        var other = await manager.CreateAsync(ApiKeyCaller.System, request with { ExpiresAfterIdleDays = null });
        var changed = await manager.UpdateAsync(
            ApiKeyCaller.System, other.Value!.Key.Id, new ApiKeyPatch { ExpiresAfterIdleDays = Optional.Create<int?>(5) });
        var cleared = await manager.UpdateAsync(
            ApiKeyCaller.System, other.Value.Key.Id, new ApiKeyPatch { ExpiresAfterIdleDays = Optional.Create<int?>(null) });
        foreach (var error in new[] { created.Error, imported[0].Error, changed.Error })
        {
            Assert.That((error?.StatusCode, error?.Message), Is.EqualTo((400, $"expiresAfterIdleDays is not supported: {reason}")));
        }

        Assert.That(cleared.Succeeded);
    }
}
