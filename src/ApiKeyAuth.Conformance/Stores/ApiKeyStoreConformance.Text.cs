using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyStoreConformance
{
    // Texts that are equal in some collations.
    private static readonly string[] LookAlikes =
        ["abc", "ABC", "abc ", " abc", "äbc", "a\u0308bc", "ab\u200Dc", "abc🙂", "abc🙃", "ｧbc", "ァbc", "ßc", "ssc"];

    [Test]
    public async Task Add_LookAlikeIds_AreDistinct()
    {
        var store = await CreateStoreAsync();
        await AddAllAsync(store, LookAlikes.Select(text => Sample.Key(text) with { Name = text }));

        foreach (var text in LookAlikes)
        {
            Assert.That((await GetAsync(store, text)).Name, Is.EqualTo(text));
        }
    }

    [Test]
    public async Task List_LookAlikeTenantsOwnersAndEnvironments_AreDistinct()
    {
        var store = await CreateStoreAsync();
        await AddAllAsync(store, LookAlikes.Select((text, index) =>
            Sample.Key($"k{index}") with { TenantId = text, OwnerId = text, Environment = text, Name = $"<{text}>" }));

        foreach (var (index, text) in LookAlikes.Index())
        {
            ApiKeyFilter[] filters =
            [
                new() { TenantId = text }, new() { AllTenants = true, OwnerId = text }, new() { AllTenants = true, Environment = text },
                new() { AllTenants = true, NameContains = $"<{text}>" },
            ];
            foreach (var filter in filters)
            {
                var listed = await store.ListAsync(filter, default);
                Assert.That(listed.Select(key => key.Id), Is.EqualTo(new[] { $"k{index}" }), filter.ToString());
            }
        }
    }

    [Test]
    public async Task Add_LookAlikeTenants_HaveSeparateQuotas()
    {
        var store = await CreateStoreAsync();
        foreach (var text in LookAlikes)
        {
            var key = Sample.Key() with { TenantId = text };
            Assert.That(await AddAsync(store, key, new ApiKeyQuota { Max = 1, TenantId = text }), Is.EqualTo(ApiKeyAddResult.Added), text);
        }
    }

    [Test]
    public async Task Add_LongText_RoundTrips()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key(new string('k', 200)) with
        {
            Name = new string('ü', 200),
            TenantId = new string('t', 200),
            OwnerId = new string('日', 200),
            CreatedBy = "user:" + new string('日', 395),
            RevocationReason = new string('日', 500),
            Metadata = new Dictionary<string, string> { ["note"] = string.Concat(Enumerable.Repeat("long 🙂 ", 20_000)) },
        };
        await AddAllAsync(store, [key]);

        KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), key with { Version = 1 });
    }

    // Not attribute arguments, because those are stored as UTF-8, which cannot represent unpaired surrogates.
    private static readonly string[] UnstorableTexts = ["a\0b", "\0", "a\uD83D", "\uDE00b"];

    private static IEnumerable<ApiKey> CreateUnstorableKeys(string text)
    {
        var key = Sample.Key("k");
        yield return key with { Id = text };
        yield return key with { Name = text };
        yield return key with { Kind = text };
        yield return key with { Environment = text };
        yield return key with { TenantId = text };
        yield return key with { OwnerId = text };
        yield return key with { CreatedBy = text };
        yield return key with { RevocationReason = text };
        yield return key with { Audiences = [text] };
        yield return key with { Metadata = new Dictionary<string, string> { ["m"] = text } };
        yield return key with { Metadata = new Dictionary<string, string> { [text] = "m" } };
        yield return key with { Secrets = [key.Secrets[0] with { Hint = text }] };
    }

    [Test]
    public async Task AnyWrite_UnstorableText_Throws([Range(0, 3)] int index)
    {
        var text = UnstorableTexts[index];
        var store = await CreateStoreAsync();
        var present = Sample.Key("present");
        await AddAllAsync(store, [present]);
        foreach (var key in CreateUnstorableKeys(text))
        {
            Assert.That(async () => await AddAsync(store, key), Throws.InstanceOf<ArgumentException>());
            Assert.That(async () => await UpdateAsync(store, key with { Version = 1 }), Throws.InstanceOf<ArgumentException>());
        }

        var entry = Sample.AuditEntry(present) with { Actor = text };
        Assert.That(
            async () => await store.TryDeleteAsync(present with { Version = 1 }, entry, default),
            Throws.InstanceOf<ArgumentException>());
        Assert.That((await store.ListAsync(new() { AllTenants = true }, default)).Select(key => key.Id), Is.EqualTo(new[] { "present" }));
    }

    [Test]
    public async Task AnyRead_UnstorableText_FindsNothing([Range(0, 3)] int index)
    {
        var text = UnstorableTexts[index];
        var store = await CreateStoreAsync();
        await AddAllAsync(store, [Sample.Key("a"), Sample.Key("a\uFFFD") with { TenantId = "a\uFFFD", Name = "a\uFFFD" }]);

        Assert.That(await store.GetAsync(text, default), Is.Null);
        Assert.That(await store.ListAsync(new() { TenantId = text }, default), Is.Empty);
        Assert.That(await store.ListAsync(new() { AllTenants = true, NameContains = text }, default), Is.Empty);
        Assert.That(await store.CountAsync(new() { AllTenants = true, OwnerId = text }, default), Is.Zero);
        Assert.That(await store.ListAsync(new() { AllTenants = true, CreatedBy = text }, default), Is.Empty);
        Assert.That(await store.ListAuditAsync(new() { AllTenants = true, Actor = text }, default), Is.Empty);
        Assert.That(await store.ListAuditAsync(new() { AllTenants = true, KeyId = text }, default), Is.Empty);
    }
}
