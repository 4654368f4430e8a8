using System.Buffers.Text;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Management;

public sealed class FaultTests
{
    private static readonly (string Method, string Path, string? Body)[] Calls =
    [
        ("GET", "/api-keys", null), ("GET", "/api-keys/key2", null), ("GET", "/api-keys/key2/audit", null),
        ("POST", "/api-keys", """{"name":"n"}"""), ("PATCH", "/api-keys/key2", """{"enabled":false}"""),
        ("POST", "/api-keys/key2/rotate", "{}"), ("POST", "/api-keys/key2/revoke", null), ("DELETE", "/api-keys/key2", null),
    ];

    [Test]
    public async Task AnyCall_StoreDown_Is503AndNothingChanges()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var secret = await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["a:read"]) });
        Assert.That(await app.UseAsync(admin, "/any"), Is.EqualTo(200));
        app.Store.IsDown = true;
        foreach (var (method, path, body) in Calls)
        {
            var answer = await app.SendAsync(new HttpMethod(method), path, admin, body);
            Assert.That(
                (answer.Status, answer.Code, answer.Header("Retry-After")),
                Is.EqualTo((503, "key_store_unavailable", "2")),
                $"{method} {path}");
            Assert.That(answer.Body, Does.Not.Contain("hunter2"));
        }

        var leaked = await app.PostAsync("/api-keys/revoke-leaked", null, $$"""{"key":"{{secret}}"}""");
        Assert.That(leaked.Status, Is.EqualTo(503));
        app.Store.IsDown = false;
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        Assert.That((await app.GetAsync("/api-keys/key2", admin)).Header("ETag"), Is.EqualTo("\"v1\""));
        Assert.That(app.App.Logs.Entries.Where(entry => entry.Text.Contains("hunter2", StringComparison.Ordinal)), Is.Empty);
        Assert.That(app.App.Logs.Entries.Where(entry => entry.EventId == 50), Is.Not.Empty);
    }

    [Test]
    public async Task Change_ResponseLost_IsNotServedFromTheCache()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var secret = await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["a:read"]) });
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        app.Store.LosesAnswers = true;
        Assert.That((await app.PostAsync("/api-keys/key2/revoke", admin)).Status, Is.EqualTo(503));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(401), "it was revoked all the same");
    }

    [Test]
    public async Task AnyCall_StoreHangs_IsEndedByTheTimeout()
    {
        await using var app = await ManagedApp.StartAsync();
        await app.App.IssueAsync();
        app.Store.Hangs = true;
        var user = ApiKeyCaller.User("u1", null, ScopeSet.Create(["*"]));
        var change = app.ManageAsync(manager => manager.RevokeAsync(user, "key1"));
        await Task.WhenAny(change, Task.Delay(50));
        Assert.That(change.IsCompleted, Is.False);
        app.App.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await change).Error!.StatusCode, Is.EqualTo(503));
    }

    [Test]
    public async Task AnyCall_AppItself_IsLimitedByItsTokenOnly()
    {
        await using var app = await ManagedApp.StartAsync();
        await app.App.IssueAsync();
        app.Store.Hangs = true;
        foreach (var call in CallsOf(ApiKeyCaller.System).Concat(CallsOf(ApiKeyCaller.System.WithGrantable(ScopeSet.Create(["a:read"])))))
        {
            using var gaveUp = new CancellationTokenSource();
            var calling = app.ManageAsync(async manager =>
            {
                await call(manager, gaveUp.Token);
                return true;
            });
            app.App.Clock.Advance(TimeSpan.FromMinutes(10));
            await gaveUp.CancelAsync();
            Assert.That(async () => await calling.WaitAsync(TimeSpan.FromSeconds(20)), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(app.App.Logs.Entries.Where(entry => entry.EventId == 50), Is.Empty);
    }

    private static IEnumerable<Func<ApiKeyManager, CancellationToken, Task>> CallsOf(ApiKeyCaller caller) =>
    [
        (manager, token) => manager.ListAsync(caller, new ApiKeyListRequest(), token),
        (manager, token) => manager.ListAllAsync(caller, cancellationToken: token).CountAsync(CancellationToken.None).AsTask(),
        (manager, token) => manager.GetAsync(caller, "key1", token),
        (manager, token) => manager.CreateAsync(caller, new NewApiKey { Name = "n" }, token),
        (manager, token) => manager.RevokeAsync(caller, "key1", cancellationToken: token),
        (manager, token) => manager.ListAuditAsync(caller, new ApiKeyAuditListRequest(), token),
        (manager, token) => manager.PurgeAsync(caller, DateTimeOffset.UnixEpoch, token),
    ];

    [Test]
    public async Task AnyCall_CallerCancels_ThrowsOperationCanceled()
    {
        await using var app = await ManagedApp.StartAsync();
        await app.App.IssueAsync();
        app.Store.Hangs = true;
        using var gaveUp = new CancellationTokenSource();
        var change = app.ManageAsync(manager => manager.RevokeAsync(ApiKeyCaller.System, "key1", cancellationToken: gaveUp.Token));
        await gaveUp.CancelAsync();
        Assert.That(async () => await change, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(app.App.Logs.Entries.Where(entry => entry.EventId == 50), Is.Empty);
    }

    [Test]
    public async Task AllCalls_Together_LeaveNoSecretInLogs()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, first) = await app.CreateAsync(admin);
        var second = (await app.PostAsync($"/api-keys/{id}/rotate", admin, "{}"))["key"]!;
        await app.PostAsync("/api-keys/verify", admin, $$"""{"key":"{{second}}"}""");
        await app.PostAsync("/api-keys/verify", admin, $$"""{"key":"{{second}}" """);
        await app.PostAsync("/api-keys/revoke-leaked", null, $$"""{"key":"{{second}}"}""");
        var issued = await app.ManageAsync(manager => manager.CreateAsync(ApiKeyCaller.System, new NewApiKey { Name = "n" }));
        Assert.That(issued.Value!.ToString(), Does.Not.Contain(issued.Value.Secret));
        foreach (var secret in new[] { admin, first, second, issued.Value.Secret })
        {
            Assert.That(app.App.Logs.Entries.Where(entry => entry.Text.Contains(secret[9..40], StringComparison.Ordinal)), Is.Empty);
        }
    }

    [Test]
    public async Task Import_SomeInvalidKeys_ImportsTheOthers()
    {
        await using var app = await ManagedApp.StartAsync(options =>
        {
            options.AcceptedFormats.Add(
                new ApiKeyFormat { Prefix = "old", Environments = ["prod"], Encoding = ApiKeyEncoding.Hex, Checksum = false });
            options.Management.MaxLifetime = TimeSpan.FromDays(365);
        });
        var secret = "old_prod_" + new string('a', 64);
        var digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(secret));
        var sha256 = Convert.ToHexString(digest);
        var past = new ApiKeyExpiry(new DateOnly(2024, 12, 31));
        ImportedApiKey[] keys =
        [
            new()
            {
                Key = new NewApiKey { Name = "one", Environment = "prod", Scopes = ["a:read"] },
                Hash = sha256,
                Id = "old1",
                Hint = "aaaa",
            },
            new() { Key = new NewApiKey { Name = "same secret" }, Hash = Convert.ToBase64String(digest) },
            new() { Key = new NewApiKey { Name = "same id" }, Hash = new string('0', 64), Id = "old1" },
            new() { Key = new NewApiKey { Name = "past", ExpiresAt = past }, Hash = new string('0', 64), Id = "old2" },
            new() { Key = new NewApiKey { Name = "" }, Hash = "hunter2", Id = "bad id", Hint = "much too long" },
            new() { Key = new NewApiKey { Name = "n", Environment = "moon" }, Hash = new string('1', 64) },
        ];

        var results = await app.ManageAsync(manager => manager.ImportAsync(ApiKeyCaller.System, keys));

        Assert.That(
            results.Select(result => result.Error?.Code),
            Is.EqualTo(new[] { null, "conflict", "conflict", null, "invalid_request", "invalid_request" }));
        Assert.That(results[4].Error!.Fields.Keys, Is.EquivalentTo(new[] { "hash", "id", "hint" }));
        Assert.That(results[5].Error!.Fields.Keys, Is.EquivalentTo(new[] { "environment" }));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        Assert.That(results[3].Value!.GetStatus(app.App.Clock.GetUtcNow()), Is.EqualTo(ApiKeyStatus.Expired));
        Assert.That(
            results[0].Value!.ExpiresAt!.Value.Instant,
            Is.EqualTo(app.App.Clock.GetUtcNow().AddDays(365)),
            "the maximum lifetime of the app applies");
        var audit = await app.Store.ListAuditAsync(new ApiKeyAuditFilter { AllTenants = true }, CancellationToken.None);
        Assert.That(audit.Select(entry => (entry.Action, entry.Actor)), Is.All.EqualTo(("import", "system")));
    }

    // A hash does not show its format, so the prefix and the hint decide.
    [TestCase("sk-", "UVWX", null, null)]
    [TestCase(null, "UVWX", null, null)]
    [TestCase(null, "", null, null)]
    [TestCase("key_test_", "", null, null)]
    [TestCase("zpka_", "UVWX", "prefix", "does not match any accepted format")]
    [TestCase("sk-", "VWX=", "prefix", "does not match any accepted format")]
    [TestCase(null, "VWX=", "hint", "does not match any accepted format")]
    [TestCase("sk-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN", "KLMN", "prefix", "is a whole key")]
    public async Task Import_KeyThatNoFormatAccepts_IsReportedAndNotStored(string? prefix, string hint, string? field, string? problem)
    {
        const string Secret = "sk-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN";
        await using var app = await ManagedApp.StartAsync(options => options.AcceptedFormats.Add(
            new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base62, Length = 40 }));
        var imported = new ImportedApiKey
        {
            Key = new NewApiKey { Name = "old", Scopes = ["a:read"] },
            Hash = Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Secret))),
            Prefix = prefix,
            Hint = hint,
        };
        var result = (await app.ManageAsync(manager => manager.ImportAsync(ApiKeyCaller.System, [imported])))[0];
        Assert.That(await app.UseAsync(Secret), Is.EqualTo(problem is null ? 200 : 401));
        Assert.That(result.Value?.Secrets[0].Hint, Is.EqualTo(problem is null ? hint : null));
        Assert.That(result.Error?.Fields.Keys, problem is null ? Is.Null : Is.EqualTo(new[] { field }));
        Assert.That(result.Error?.Fields[field!], problem is null ? Is.Null : Does.StartWith(problem));
    }
}
