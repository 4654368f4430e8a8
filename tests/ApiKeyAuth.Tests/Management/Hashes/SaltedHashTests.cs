using ApiKeyAuth.Authorization;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Management;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests keys that are imported by salted hashes of other systems, on a running app.</summary>
public sealed class SaltedHashTests
{
    // Made with hashlib.pbkdf2_hmac of Python, in the format of Django.
    private const string DjangoKey = "Rt5xY2pQ.A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6";
    private const string DjangoHash = "Rt5xY2pQ.pbkdf2_sha256$1000$o9PzXc4VbN8mQwErTyUi1A$pntU6IKnaHH6jYjBv2jdFTwbOnj1rVAoBOFuuapelUE=";
    private const string ToyKey = "BAzqWd5c.n2Xkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD";
    private const string WrongToyKey = "BAzqWd5c.zzXkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD";

    [Test]
    public async Task Key_ImportedByItsSaltedHash_WorksAndIsUpgradedInTheBackground()
    {
        await using var app = await StartAsync();
        var imported = await ImportAsync(app, "django-pbkdf2", DjangoHash);
        Assert.That(imported.Succeeded, imported.Error?.ToString());

        Assert.That(await app.UseAsync(DjangoKey), Is.EqualTo(200));
        await WaitForUpgradeAsync(app, imported.Value!.Id);

        var secret = (await app.Store.GetAsync(imported.Value.Id, CancellationToken.None))!.Secrets.Single();
        Assert.That((secret.Hash, secret.SaltedHash), Is.EqualTo((Hasher(app).Hash(DjangoKey), (ApiKeySaltedHash?)null)));
        Cache(app).InvalidateAll();
        app.Store.PrefixLookups.Clear();
        Assert.That((await app.UseAsync(DjangoKey), app.Store.PrefixLookups.Count), Is.EqualTo((200, 0)), "found by its new hash");
        Assert.That(await app.UseAsync(DjangoHash), Is.EqualTo(401), "a stored hash is not a key");
    }

    [Test]
    public async Task Key_WhileItIsCached_IsVerifiedOnce()
    {
        using var toy = new ToyHashAlgorithm();
        await using var app = await StartAsync(toy);
        await ImportAsync(app, "toy", ToyHashAlgorithm.Hash(ToyKey, "s"));
        app.Store.FailsChanges = true;

        Assert.That((await app.UseAsync(ToyKey), await app.UseAsync(ToyKey), toy.Count), Is.EqualTo((200, 200, 1)));
        Cache(app).InvalidateAll();
        Assert.That((await app.UseAsync(ToyKey), toy.Count), Is.EqualTo((200, 2)), "its hash could not be replaced");
    }

    [TestCase("BAzqWd5c.zzXkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD", 1)]
    [TestCase("BAzqWd5d.n2Xkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD", 0)]
    [TestCase("bazqwd5c.n2Xkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD", 0)]
    public async Task Key_WrongSecretOrUnknownPrefix_IsRejectedLikeAnUnknownKeyAndCached(string key, int verifications)
    {
        using var toy = new ToyHashAlgorithm();
        await using var app = await StartAsync(toy);
        await ImportAsync(app, "toy", ToyHashAlgorithm.Hash(ToyKey, "s"));
        app.Store.PrefixLookups.Clear();
        var unknown = await app.GetAsync("/a", new string('a', 40));
        Assert.That(app.Store.PrefixLookups, Is.Empty, "a key without a prefix costs no such lookup");

        var rejected = await app.GetAsync("/a", key);
        var again = await app.GetAsync("/a", key);

        Assert.That((rejected.Status, rejected.Code), Is.EqualTo((401, "invalid_api_key")));
        Assert.That((rejected.Untraced, again.Untraced), Is.EqualTo((unknown.Untraced, unknown.Untraced)));
        Assert.That((app.Store.PrefixLookups.Count, toy.Count), Is.EqualTo((1, verifications)));
    }

    [Test]
    public async Task Key_TwoVerificationsAreRunning_IsAnsweredWith503AndNotRemembered()
    {
        using var toy = new ToyHashAlgorithm();
        await using var app = await StartAsync(toy);
        await ImportAsync(app, "toy", ToyHashAlgorithm.Hash(ToyKey, "s"));
        toy.Close();
        var running = new[] { app.UseAsync(WrongToyKey), app.UseAsync(WrongToyKey[..^1] + "E") };
        await Eventually.IsTrueAsync(() => toy.Running == 2);

        var busy = await app.GetAsync("/a", ToyKey);
        var wrong = await app.GetAsync("/a", WrongToyKey[..^1] + "F");

        Assert.That((busy.Status, busy.Code, wrong.Status), Is.EqualTo((503, "key_store_unavailable", 503)));
        Assert.That(int.Parse(busy.Header("Retry-After")!), Is.GreaterThan(0));
        toy.Open();
        Assert.That(await Task.WhenAll(running), Is.EqualTo(new[] { 401, 401 }));
        Assert.That((await app.UseAsync(ToyKey), toy.Count), Is.EqualTo((200, 3)));
    }

    [Test]
    public async Task Key_RequestsAtTheSameTime_AreVerifiedOnce()
    {
        using var toy = new ToyHashAlgorithm();
        await using var app = await StartAsync(toy);
        await ImportAsync(app, "toy", ToyHashAlgorithm.Hash(ToyKey, "s"));
        toy.Close();
        var requests = Enumerable.Range(0, 20).Select(_ => app.UseAsync(ToyKey)).ToList();
        await Eventually.IsTrueAsync(() => toy.Running == 1);
        toy.Open();
        Assert.That(await Task.WhenAll(requests), Is.All.EqualTo(200));
        Assert.That(toy.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Key_SeveralOfOnePrefix_AreAllAcceptedAndOneTooManyIsNotImported()
    {
        using var toy = new ToyHashAlgorithm();
        await using var app = await StartAsync(toy);
        string[] keys = [.. "abcde".Select(last => ToyKey[..^1] + last)];
        foreach (var key in keys[..4])
        {
            Assert.That((await ImportAsync(app, "toy", ToyHashAlgorithm.Hash(key, "s"))).Succeeded);
        }

        var refused = await ImportAsync(app, "toy", ToyHashAlgorithm.Hash(keys[4], "s"));

        Assert.That((refused.Error!.StatusCode, refused.Error.Message), Is.EqualTo(
            (409, "4 API keys already have the prefix of this one, and no more are verified; issue a new key")));
        foreach (var key in keys[..4])
        {
            Assert.That(await app.UseAsync(key), Is.EqualTo(200));
        }
    }

    [Test]
    public async Task Key_RevokedOrDisabled_IsRejected()
    {
        using var toy = new ToyHashAlgorithm();
        await using var app = await StartAsync(toy);
        var id = (await ImportAsync(app, "toy", ToyHashAlgorithm.Hash(ToyKey, "s"))).Value!.Id;
        await app.App.ChangeAsync(key => key with { Enabled = false }, id);
        var disabled = await app.GetAsync("/a", ToyKey);
        await WaitForUpgradeAsync(app, id);
        Assert.That((disabled.Status, disabled.Code), Is.EqualTo((401, "invalid_api_key")));
    }

    [Test]
    public async Task Key_StoreFailsOrAlgorithmThrows_IsAnsweredWith503AndNothingSecretIsLogged()
    {
        using var toy = new ToyHashAlgorithm { Throws = true };
        await using var app = await StartAsync(toy);
        var hash = ToyHashAlgorithm.Hash(ToyKey, "s");
        await ImportAsync(app, "toy", hash);

        Assert.That(await app.UseAsync(ToyKey), Is.EqualTo(503));
        app.Store.IsDown = true;
        Assert.That(await app.UseAsync(WrongToyKey), Is.EqualTo(503));
        app.Store.IsDown = toy.Throws = false;
        Assert.That(await app.UseAsync(ToyKey), Is.EqualTo(200));

        var logs = string.Join('\n', app.App.Logs.Entries.Select(entry => entry.Text));
        Assert.That(logs, Does.Contain("A salted hash could not be verified (CryptographicException)"));
        Assert.That(logs, Does.Not.Contain(ToyHashAlgorithm.Secret).And.Not.Contain(hash).And.Not.Contain(ToyKey));
    }

    [Test]
    public async Task RevokeLeaked_KeyThatIsNotUpgraded_RevokesItAndOtherSecretsDoNot()
    {
        using var toy = new ToyHashAlgorithm();
        await using var app = await StartAsync(toy);
        var id = (await ImportAsync(app, "toy", ToyHashAlgorithm.Hash(ToyKey, "s"))).Value!.Id;

        Assert.That(await app.ManageAsync(manager => manager.RevokeLeakedAsync(WrongToyKey)), Is.Null);
        Assert.That((await app.Store.GetAsync(id, CancellationToken.None))!.RevokedAt, Is.Null);
        Assert.That(await app.ManageAsync(manager => manager.RevokeLeakedAsync(ToyKey)), Is.Null);
        Assert.That(await app.UseAsync(ToyKey), Is.EqualTo(401));
    }

    [TestCase("django-pbkdf2", "pbkdf2_sha256$1000$salt$pntU6IKnaHH6jYjBv2jdFTwbOnj1rVAoBOFuuapelUE=")]
    [TestCase("django-pbkdf2", "a.pbkdf2_sha256$10000001$salt$pntU6IKnaHH6jYjBv2jdFTwbOnj1rVAoBOFuuapelUE=")]
    [TestCase("django-pbkdf2", "a.pbkdf2_sha256$0$salt$pntU6IKnaHH6jYjBv2jdFTwbOnj1rVAoBOFuuapelUE=")]
    [TestCase("toy", "nothing")]
    public async Task Import_NotAHash_IsReported(string algorithm, string hash)
    {
        using var toy = new ToyHashAlgorithm();
        await using var app = await StartAsync(toy);
        var (field, text) = (await ImportAsync(app, algorithm, hash)).Error!.Fields.Single();
        Assert.That((field, text), Is.EqualTo(("hash", $"must be a hash of the algorithm {algorithm}")));
    }

    [Test]
    public async Task Import_SameHashTwice_IsAConflict()
    {
        await using var app = await StartAsync();
        await ImportAsync(app, "django-pbkdf2", DjangoHash);
        Assert.That((await ImportAsync(app, "django-pbkdf2", DjangoHash)).Error!.StatusCode, Is.EqualTo(409));
    }

    private static Task<ManagedApp> StartAsync(ToyHashAlgorithm? toy = null) => ManagedApp.StartAsync(options =>
    {
        options.HashAlgorithms.Add(ApiKeyHashAlgorithms.DjangoPbkdf2);
        if (toy is not null)
        {
            options.HashAlgorithms.Add(toy);
        }

        options.AcceptedFormats.Add(new ExternalApiKeyFormat { Separator = '.', Alphabet = ApiKeyAlphabet.Base62, Length = 41 });
        options.AcceptedFormats.Add(new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base62, Length = 40 });
    });

    private static async Task<ApiKeyResult<ApiKey>> ImportAsync(ManagedApp app, string algorithm, string hash)
    {
        var imported = new ImportedApiKey
        {
            Key = new NewApiKey { Name = algorithm, Scopes = ["a:read"] },
            Hash = hash,
            HashAlgorithm = algorithm,
        };
        return (await app.ManageAsync(manager => manager.ImportAsync(ApiKeyCaller.System, [imported])))[0];
    }

    private static async Task WaitForUpgradeAsync(ManagedApp app, string id) => await Eventually.IsTrueAsync(async () =>
        !(await app.Store.GetAsync(id, CancellationToken.None))!.Secrets.Single().Hash.IsLegacy);

    private static ApiKeyHasher Hasher(ManagedApp app) => app.App.Services.GetRequiredService<ApiKeyHasher>();

    private static IApiKeyCache Cache(ManagedApp app) => app.App.Services.GetRequiredService<IApiKeyCache>();
}
