using System.Diagnostics.Metrics;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests keys that are imported by the hashes of other systems, on a running app.</summary>
public sealed class LegacyHashTests
{
    private const string SeamKey = "mycompany_BRTRKFsL_51FwqftsmMDHHbJAMEXXHCgG";
    private const string SeamHash = "mycompany_BRTRKFsL_d70d981d87b449c107327c2a2afbf00d4b58070d6ba571aac35d7ea3e7c79f37";
    private const string SanctumKey = "12|GeMGt4H6Bi0Fq1Dm9JZ2kS3yPXwLh7uVrTcoQaNe";
    private const string SanctumHash = "12|c429dcfb54eddde134b4fc1f12f1517b5da316a23a849ec8b54e0f0a2fccc5b9";
    private const string DjangoKey = "BAzqWd5c.n2Xkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD";

    private const string DjangoHash =
        "sha512$$0ade761182864c5d83106bee17917da26169bc29a34216e0b4d4a6b795fcf58d"
        + "247c3a132637ba711fbd964ae91048c7f25f78ca8f7d43002df71cf29a8fa2d3";

    [TestCase("seam", SeamKey, SeamHash)]
    [TestCase("sanctum", SanctumKey, SanctumHash)]
    [TestCase("django-sha512", DjangoKey, DjangoHash)]
    public async Task Key_ImportedByItsOldHash_WorksAndIsUpgradedInTheBackground(string algorithm, string key, string hash)
    {
        await using var app = await StartAsync();
        var imported = await ImportAsync(app, algorithm, hash);
        Assert.That(imported.Succeeded, imported.Error?.ToString());
        Assert.That(await CountAsync(app), Is.EqualTo((1L, 1L)));

        Assert.That(await app.UseAsync(key), Is.EqualTo(200));
        await WaitForUpgradesAsync(app);

        var stored = (await app.Store.GetAsync(imported.Value!.Id, CancellationToken.None))!;
        Assert.That(stored.Secrets.Single().Hash, Is.EqualTo(Hasher(app).Hash(key)));
        Assert.That(stored with { Secrets = [], Version = 1 }, Is.EqualTo(imported.Value with { Secrets = [] }));
        Assert.That(await CountAsync(app), Is.EqualTo((1L, 0L)));
        var audit = await app.Store.ListAuditAsync(new ApiKeyAuditFilter { AllTenants = true }, CancellationToken.None);
        Assert.That(
            audit.Select(entry => (entry.Action, entry.Actor, entry.Changes == "{}")),
            Is.EquivalentTo(new[] { ("upgrade-hash", "system", true), ("import", "system", false) }));
        Cache(app).InvalidateAll();
        Assert.That((await app.UseAsync(key), await app.UseAsync(key + "0")), Is.EqualTo((200, 401)));
    }

    // The rest of the key is compared as well, so that one key has one spelling.
    [TestCase("mycompany_BRTRKFsM_51FwqftsmMDHHbJAMEXXHCgG")]
    [TestCase("mycompany_BRTRKFsL_51FwqftsmMDHHbJAMEXXHCgH")]
    [TestCase("13|GeMGt4H6Bi0Fq1Dm9JZ2kS3yPXwLh7uVrTcoQaNe")]
    [TestCase("12|GeMGt4H6Bi0Fq1Dm9JZ2kS3yPXwLh7uVrTcoQaNf")]
    [TestCase("BAzqWd5c.n2Xkq8F4oYw0RtZ7mLsV1bCe9GhJuPiE")]
    [TestCase("BAzqWd5d.n2Xkq8F4oYw0RtZ7mLsV1bCe9GhJuPiD")]
    [TestCase("12.GeMGt4H6Bi0Fq1Dm9JZ2kS3yPXwLh7uVrTcoQaNe")]
    public async Task Key_WrongPart_IsRejectedLikeAnUnknownKey(string key)
    {
        await using var app = await StartAsync();
        await ImportAllAsync(app);
        var unknown = await app.GetAsync("/a", "99|" + new string('a', 40));

        var rejected = await app.GetAsync("/a", key);

        Assert.That((rejected.Status, rejected.Code), Is.EqualTo((401, "invalid_api_key")));
        Assert.That(rejected.Untraced, Is.EqualTo(unknown.Untraced));
    }

    // The text of a stored hash is not a key: it must not open the app that holds it.
    [Test]
    public async Task Key_TextOfTheStoredHash_IsRejected()
    {
        await using var app = await StartAsync();
        await ImportAllAsync(app);
        foreach (var text in new[] { SeamHash, SanctumHash, DjangoHash, SeamHash[19..], SanctumHash[3..], SanctumKey[3..], SeamKey[19..] })
        {
            Assert.That(await app.UseAsync(text), Is.EqualTo(401), text);
        }
    }

    [Test]
    public async Task Key_RevokedDisabledOrExpired_IsRejectedBeforeAndAfterTheUpgrade()
    {
        await using var app = await StartAsync();
        var ids = await ImportAllAsync(app);
        await app.App.ChangeAsync(key => key with { RevokedAt = app.App.Clock.GetUtcNow() }, ids[0]);
        await app.App.ChangeAsync(key => key with { Enabled = false }, ids[1]);
        await app.App.ChangeAsync(key => key with { ExpiresAt = new ApiKeyExpiry(app.App.Clock.GetUtcNow()) }, ids[2]);
        for (var round = 0; round < 2; round++)
        {
            var (revoked, disabled, expired) =
                (await app.GetAsync("/a", SeamKey), await app.GetAsync("/a", SanctumKey), await app.GetAsync("/a", DjangoKey));
            Assert.That((revoked.Status, disabled.Status, expired.Status), Is.EqualTo((401, 401, 401)));
            Assert.That((revoked.Code, expired.Code), Is.EqualTo(("invalid_api_key", "expired_api_key")));
            Assert.That(disabled.Untraced, Is.EqualTo(revoked.Untraced));
            await WaitForUpgradesAsync(app);
            Cache(app).InvalidateAll();
        }
    }

    [Test]
    public async Task Upgrade_Pepper_IsPartOfTheNewHash()
    {
        await using var app = await StartAsync(options => options.Peppers.Add(new ApiKeyPepper("p", new byte[32])));
        var id = (await ImportAllAsync(app))[0];

        Assert.That(await app.UseAsync(SeamKey), Is.EqualTo(200));
        await Eventually.IsTrueAsync(async () => (await HashAsync(app, id)).PepperId == "p");
        Cache(app).InvalidateAll();

        Assert.That(await app.UseAsync(SeamKey), Is.EqualTo(200));
    }

    [Test]
    public async Task Upgrade_StoreFails_IsRetriedWhenTheKeyIsLoadedNext()
    {
        await using var app = await StartAsync();
        var id = (await ImportAllAsync(app))[1];
        app.Store.FailsChanges = true;

        Assert.That(await app.UseAsync(SanctumKey), Is.EqualTo(200), "the request does not wait for the upgrade");
        await Eventually.IsTrueAsync(() => app.App.Logs.Entries.Any(entry => entry.EventId == 76));
        Assert.That(
            app.App.Logs.Entries.Single(entry => entry.EventId == 76).Text,
            Does.Contain($"The hash of key {id}, which is that of another system, could not be replaced (")
                .And.Not.Contain(SwitchedStore.Secret));
        app.Store.FailsChanges = false;
        Cache(app).InvalidateAll();

        Assert.That(await app.UseAsync(SanctumKey), Is.EqualTo(200));
        await Eventually.IsTrueAsync(async () => !(await HashAsync(app, id)).IsLegacy);
    }

    [Test]
    public async Task RevokeLeaked_KeyThatIsNotUpgraded_RevokesIt()
    {
        await using var app = await StartAsync();
        await ImportAllAsync(app);

        Assert.That(await app.ManageAsync(manager => manager.RevokeLeakedAsync(SeamKey)), Is.Null);

        Assert.That((await app.UseAsync(SeamKey), await app.UseAsync(SanctumKey)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task Rotate_KeyThatIsNotUpgraded_KeepsBothSecretsValid()
    {
        await using var app = await StartAsync();
        var id = (await ImportAllAsync(app))[0];
        var rotated = await app.ManageAsync(manager =>
            manager.RotateAsync(ApiKeyCaller.System, id, new ApiKeyRotation { Grace = TimeSpan.FromMinutes(5) }));

        Assert.That((await app.UseAsync(SeamKey), await app.UseAsync(rotated.Value!.Secret)), Is.EqualTo((200, 200)));
        await Eventually.IsTrueAsync(async () =>
            !(await app.Store.GetAsync(id, CancellationToken.None))!.Secrets.Any(secret => secret.Hash.IsLegacy));
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.That((await app.UseAsync(SeamKey), await app.UseAsync(rotated.Value.Secret)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task Import_InvalidHashOrAlgorithm_IsReported()
    {
        await using var app = await StartAsync();

        Assert.That(await ErrorAsync("seam", "d70d981d"), Is.EqualTo("hash: must be a hash of the algorithm seam"));
        Assert.That(
            await ErrorAsync("bcrypt", SeamHash),
            Is.EqualTo("hashAlgorithm: is not one of HashAlgorithms, so the key would never be found"));
        await ImportAllAsync(app);
        Assert.That((await ImportAsync(app, "seam", SeamHash)).Error!.Code, Is.EqualTo("conflict"));

        async Task<string> ErrorAsync(string algorithm, string hash)
        {
            var (field, text) = (await ImportAsync(app, algorithm, hash)).Error!.Fields.Single();
            return $"{field}: {text}";
        }
    }

    [Test]
    public async Task Count_KeysThatAreNotUpgraded_IsListedAndMeasured()
    {
        var counts = new List<long>();
        await using var app = await StartAsync();
        using var listener = new MeterListener();
        var factory = app.App.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "apikeyauth.keys.legacy_hashes" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => { lock (counts) { counts.Add(count); } });
        listener.Start();
        var ids = await ImportAllAsync(app);
        await app.App.IssueAsync();
        await app.UseAsync(SeamKey);
        await Eventually.IsTrueAsync(async () => !(await HashAsync(app, ids[0])).IsLegacy);

        Assert.That(await CountAsync(app), Is.EqualTo((4L, 2L)));
        var left = await app.ManageAsync(manager =>
            manager.ListAsync(ApiKeyCaller.System, new ApiKeyListRequest { HasLegacyHash = true }));
        Assert.That(left.Value!.Keys.Select(key => key.Id), Is.EquivalentTo(ids[1..]));
        await Eventually.IsTrueAsync(() =>
        {
            app.App.Clock.Advance(TimeSpan.FromMinutes(10));
            lock (counts)
            {
                return counts.Contains(2);
            }
        });
    }

    private static Task<ManagedApp> StartAsync(Action<ApiKeyAuthOptions>? configure = null) => ManagedApp.StartAsync(options =>
    {
        options.HashAlgorithms.Add(ApiKeyHashAlgorithms.Seam);
        options.HashAlgorithms.Add(ApiKeyHashAlgorithms.Sanctum);
        options.HashAlgorithms.Add(ApiKeyHashAlgorithms.DjangoRestFramework);
        options.AcceptedFormats.Add(new ExternalApiKeyFormat
        {
            Prefix = "mycompany_", Separator = '_', Alphabet = ApiKeyAlphabet.Base62, MinLength = 33, MaxLength = 100,
        });
        options.AcceptedFormats.Add(new ExternalApiKeyFormat
        {
            Separator = '|', Alphabet = ApiKeyAlphabet.Base62, MinLength = 42, MaxLength = 100,
        });
        options.AcceptedFormats.Add(new ExternalApiKeyFormat { Separator = '.', Alphabet = ApiKeyAlphabet.Base62, Length = 41 });
        options.AcceptedFormats.Add(new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base62, MinLength = 20, MaxLength = 100 });
        configure?.Invoke(options);
    });

    private static async Task<ApiKeyResult<ApiKey>> ImportAsync(ManagedApp app, string algorithm, string hash)
    {
        var imported = new ImportedApiKey
        {
            Key = new NewApiKey { Name = algorithm, Scopes = ["a:read"] }, Hash = hash, HashAlgorithm = algorithm,
        };
        return (await app.ManageAsync(manager => manager.ImportAsync(ApiKeyCaller.System, [imported])))[0];
    }

    private static async Task<string[]> ImportAllAsync(ManagedApp app) =>
    [
        (await ImportAsync(app, "seam", SeamHash)).Value!.Id,
        (await ImportAsync(app, "sanctum", SanctumHash)).Value!.Id,
        (await ImportAsync(app, "django-sha512", DjangoHash)).Value!.Id,
    ];

    private static async Task<(long? Total, long? Legacy)> CountAsync(ManagedApp app)
    {
        var page = await app.ManageAsync(manager =>
            manager.ListAsync(ApiKeyCaller.System, new ApiKeyListRequest { IncludeTotal = true, Limit = 1 }));
        return (page.Value!.Total, page.Value.LegacyHashCount);
    }

    private static async Task<ApiKeyHash> HashAsync(ManagedApp app, string id) =>
        (await app.Store.GetAsync(id, CancellationToken.None))!.Secrets.Single().Hash;

    private static async Task WaitForUpgradesAsync(ManagedApp app) =>
        await Eventually.IsTrueAsync(async () =>
            await app.Store.CountAsync(new ApiKeyFilter { AllTenants = true, HasLegacyHash = true }, CancellationToken.None) == 0);

    private static ApiKeyHasher Hasher(ManagedApp app) => app.App.Services.GetRequiredService<ApiKeyHasher>();

    private static IApiKeyCache Cache(ManagedApp app) => app.App.Services.GetRequiredService<IApiKeyCache>();
}
