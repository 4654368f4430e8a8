using System.Security.Cryptography;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using CsCheck;

namespace ApiKeyAuth.Tests.Management;

public sealed class RevocationTests
{
    private static readonly string[] Changes = ["revoke", "disable", "narrow", "delete", "rotate", "leak", "expire"];

    [TestCaseSource(nameof(Changes))]
    public async Task AnyChange_Completed_BindsTheNextRequestDespiteLoadsInFlight(string change)
    {
        await using var app = await ManagedApp.StartAsync(options => options.RateLimiting.FailedAuthentications = null);
        var admin = await app.AdminAsync(null, "a:read");
        for (var round = 0; round < 25; round++)
        {
            var (id, secret) = await app.CreateAsync(admin);
            if (round % 2 == 0)
            {
                Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
            }

            using var stop = new CancellationTokenSource();
            var traffic = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await app.UseAsync(secret);
                }
            })).ToArray();
            await Task.Delay(RandomNumberGenerator.GetInt32(4));
            var answer = await ChangeAsync(app, admin, id, secret, change);
            Assert.That(answer, Is.InRange(200, 299));

            for (var request = 0; request < 5; request++)
            {
                Assert.That(await app.UseAsync(secret), Is.EqualTo(change == "narrow" ? 403 : 401), $"round {round}");
            }

            await stop.CancelAsync();
            await Task.WhenAll(traffic);
        }
    }

    [TestCase("PATCH", "", """{"enabled":false}""")]
    [TestCase("POST", "/rotate", null)]
    [TestCase("POST", "/revoke", null)]
    [TestCase("DELETE", "", null)]
    public async Task AnyChange_NoBackplane_ReportsTheDelayOnOtherNodes(string method, string path, string? body)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);
        var answer = await app.SendAsync(new HttpMethod(method), $"/api-keys/{id}{path}", admin, body);
        Assert.That(answer.Headers["API-Key-Change-Reach"], Is.EqualTo("nodes=this, max-age=60"));
        Assert.That((await app.SendAsync(HttpMethod.Get, "/api-keys", admin)).Headers, Does.Not.ContainKey("API-Key-Change-Reach"));
    }

    // Compares a model of one key with the manager: in any order of changes and requests, a request sees the last completed change.
    [Test]
    public async Task AnyOrder_ChangesAndRequests_RequestsSeeTheLastChange()
    {
        await using var app = await ManagedApp.StartAsync(options => options.RateLimiting.FailedAuthentications = null);
        await Gen.Int[0, 4].Array[1, 12].SampleAsync(
            async steps =>
            {
                var request = new NewApiKey { Name = "n", Scopes = ["a:read"] };
                var issued = (await app.ManageAsync(manager => manager.CreateAsync(ApiKeyCaller.System, request))).Value!;
                var (secret, enabled, holds, revoked) = (issued.Secret, true, true, false);
                foreach (var step in steps)
                {
                    var done = step switch
                    {
                        0 => await UpdateAsync(app, issued.Key.Id, new ApiKeyPatch { Enabled = !enabled }),
                        1 => await UpdateAsync(app, issued.Key.Id, new ApiKeyPatch { Scopes = new(holds ? [] : ["a:read"]) }),
                        2 => secret != (secret = await RotateAsync(app, issued.Key.Id) ?? secret),
                        3 => steps.Length % 3 == 0
                            && (await app.ManageAsync(manager => manager.RevokeAsync(ApiKeyCaller.System, issued.Key.Id))).Succeeded,
                        _ => false,
                    };
                    enabled ^= done && step == 0;
                    holds ^= done && step == 1;
                    revoked |= done && step == 3;
                    Assert.That(!done || !revoked || step == 3, "a revoked key does not change");
                    Assert.That(
                        await app.UseAsync(secret), Is.EqualTo(revoked || !enabled ? 401 : holds ? 200 : 403), string.Join(',', steps));
                }
            },
            iter: 60, threads: 1);
    }

    [Test]
    public async Task Revoke_ConcurrentChanges_Succeeds()
    {
        await using var app = await ManagedApp.StartAsync(options => options.RateLimiting.FailedAuthentications = null);
        for (var round = 0; round < 20; round++)
        {
            var request = new NewApiKey { Name = "n" };
            var id = (await app.ManageAsync(manager => manager.CreateAsync(ApiKeyCaller.System, request))).Value!.Key.Id;
            var changes = Enumerable.Range(0, 6).Select(
                index => Task.Run(() => UpdateAsync(app, id, new ApiKeyPatch { Name = $"n{index}" }))).ToArray();
            var revoked = await app.ManageAsync(manager => manager.RevokeAsync(ApiKeyCaller.System, id));
            await Task.WhenAll(changes);
            Assert.That(revoked.Succeeded);
            Assert.That((await app.Store.Inner.GetAsync(id, CancellationToken.None))!.RevokedAt, Is.Not.Null);
        }
    }

    private static async Task<bool> UpdateAsync(ManagedApp app, string id, ApiKeyPatch patch) =>
        (await app.ManageAsync(manager => manager.UpdateAsync(ApiKeyCaller.System, id, patch))).Succeeded;

    private static async Task<string?> RotateAsync(ManagedApp app, string id) =>
        (await app.ManageAsync(manager => manager.RotateAsync(ApiKeyCaller.System, id, new ApiKeyRotation()))).Value?.Secret;

    private static async Task<int> ChangeAsync(ManagedApp app, string admin, string id, string secret, string change)
    {
        var path = $"/api-keys/{id}";
        switch (change)
        {
            case "expire":
                var soon = new ApiKeyExpiry(app.App.Clock.GetUtcNow().AddSeconds(1));
                var patched = await app.PatchAsync(path, admin, $$"""{"expiresAt":"{{soon}}"}""");
                app.App.Clock.Advance(TimeSpan.FromSeconds(1));
                return patched.Status;
            case "leak":
                app.App.Clock.Advance(TimeSpan.FromMinutes(1));
                return (await app.PostAsync("/api-keys/revoke-leaked", null, $$"""{"key":"{{secret}}"}""")).Status;
            default:
                return (change switch
                {
                    "revoke" => await app.PostAsync(path + "/revoke", admin),
                    "disable" => await app.PatchAsync(path, admin, """{"enabled":false}"""),
                    "narrow" => await app.PatchAsync(path, admin, """{"scopes":[]}"""),
                    "delete" => await app.SendAsync(HttpMethod.Delete, path, admin),
                    _ => await app.PostAsync(path + "/rotate", admin, """{"graceSeconds":0}"""),
                }).Status;
        }
    }
}
