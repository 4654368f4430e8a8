using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyStoreConformance
{
    private static IEnumerable<TestCaseData> Filters()
    {
        TestCaseData Case(string name, ApiKeyFilter filter, params string[] ids) => new TestCaseData(filter, ids).SetArgDisplayNames(name);
        yield return Case("no tenant", new(), "plain", "disabled", "expired", "revoked", "expiring");
        yield return Case("tenant", new() { TenantId = "t" }, "tenant", "owner");
        yield return Case("empty tenant", new() { TenantId = "" }, "empty");
        yield return Case(
            "all tenants",
            new() { AllTenants = true },
            "plain", "disabled", "expired", "revoked", "expiring", "tenant", "owner", "empty");
        yield return Case("all tenants overrides a tenant", new() { AllTenants = true, TenantId = "t", OwnerId = "o" }, "owner");
        yield return Case("owner", new() { TenantId = "t", OwnerId = "o" }, "owner");
        yield return Case("owner of no tenant", new() { OwnerId = "o" });
        yield return Case("creator", new() { CreatedBy = "key:expired" }, "disabled", "expiring");
        yield return Case("creator in another case", new() { CreatedBy = "key:Expired" });
        yield return Case("creator in a tenant", new() { TenantId = "t", CreatedBy = "key:expired" }, "tenant");
        yield return Case(
            "creator in all tenants", new() { AllTenants = true, CreatedBy = "key:expired" }, "disabled", "expiring", "tenant");
        yield return Case("creator of none", new() { AllTenants = true, CreatedBy = "expired" });
        yield return Case("kind", new() { Kind = "personal" }, "plain");
        yield return Case("kind in another case", new() { Kind = "Personal" });
        yield return Case("kind of an owner", new() { TenantId = "t", OwnerId = "o", Kind = "personal" });
        string[] ids = ["revoked", "owner", "none", "DISABLED", "revoked", "a\0", "a\uD800"];
        yield return Case("ids", new() { AllTenants = true, Ids = ids }, "revoked", "owner");
        yield return Case("ids of no tenant", new() { Ids = ["revoked", "owner"] }, "revoked");
        yield return Case("no ids", new() { Ids = [] });
        yield return Case("environment", new() { Environment = "test" }, "disabled");
        yield return Case("name", new() { NameContains = "Ends" }, "expiring");
        yield return Case("name in another case", new() { NameContains = "ENDS" });
        yield return Case("name with wildcards of LIKE", new() { NameContains = "100%_[a]\\" }, "expired");
        yield return Case("name with a wildcard of LIKE that matches nothing", new() { NameContains = "a%y" });
        yield return Case("empty name", new() { NameContains = "" }, "plain", "disabled", "expired", "revoked", "expiring");
        yield return Case("active", new() { Status = ApiKeyStatus.Active, Now = Sample.Now }, "plain", "expiring");
        yield return Case("disabled", new() { Status = ApiKeyStatus.Disabled, Now = Sample.Now }, "disabled");
        yield return Case("expired", new() { Status = ApiKeyStatus.Expired, Now = Sample.Now }, "expired");
        yield return Case("expired later", new() { Status = ApiKeyStatus.Expired, Now = Sample.Now.AddHours(1) }, "expired", "expiring");
        yield return Case("revoked", new() { Status = ApiKeyStatus.Revoked, Now = Sample.Now }, "revoked");
        yield return Case("hash of another system", new() { AllTenants = true, HasLegacyHash = true }, "owner");
        yield return Case("hash of another system in another tenant", new() { HasLegacyHash = true });
        yield return Case("expired before", new() { ExpiredBefore = Sample.Now.AddHours(1) }, "expired", "revoked");
    }

    [TestCaseSource(nameof(Filters))]
    public async Task List_Filter_ReturnsMatchingKeys(ApiKeyFilter filter, string[] ids)
    {
        var hour = new ApiKeyExpiry(Sample.Now.AddHours(1).AddTicks(-(Sample.Now.Ticks % TimeSpan.TicksPerSecond)));
        var past = new ApiKeyExpiry(new DateOnly(2026, 3, 3));
        var store = await CreateStoreAsync();
        await AddAllAsync(store,
        [
            Sample.Key("plain") with { Kind = "personal" },
            Sample.Key("disabled") with { Enabled = false, CreatedBy = "key:expired", ExpiresAt = hour, Environment = "test" },
            Sample.Key("expired") with { ExpiresAt = past, Environment = "Test", Name = "a 100%_[a]\\ key" },
            Sample.Key("revoked") with { RevokedAt = Sample.Now, Enabled = false, ExpiresAt = past },
            Sample.Key("expiring") with { ExpiresAt = hour, Name = "It Ends", CreatedBy = "key:expired" },
            Sample.Key("tenant") with { TenantId = "t", CreatedBy = "key:expired" },
            Sample.Key("owner") with
            {
                TenantId = "t", OwnerId = "o", Kind = "service", Secrets = [Sample.Secret(), Sample.Secret(Sample.LegacyHash())],
            },
            Sample.Key("empty") with { TenantId = "" },
        ]);
        if (filter.ExpiredBefore is not null)
        {
            // Both keys that expire at this time are not expired before it.
            filter = filter with { ExpiredBefore = hour.Instant };
        }

        var listed = await store.ListAsync(filter, default);
        Assert.That(listed.Select(key => key.Id), Is.EquivalentTo(ids));
        var paged = filter with { Limit = 1, AfterCreatedAt = Sample.Now.AddYears(-1), AfterId = "" };
        Assert.That(await store.CountAsync(paged, default), Is.EqualTo(ids.Length));
    }

    private static IEnumerable<TestCaseData> LifecycleFilters()
    {
        TestCaseData Case(string name, ApiKeyFilter filter, params string[] ids) => new TestCaseData(filter, ids).SetArgDisplayNames(name);
        ApiKeyFilter Status(ApiKeyStatus status, double hours = 0) => new() { Status = status, Now = Sample.Now.AddHours(hours) };
        ApiKeyFilter Idle(double hours) => new() { IdleBefore = Sample.Now.AddHours(hours) };
        yield return Case("active", Status(ApiKeyStatus.Active), "plain", "started", "idling", "unused");
        yield return Case("pending", Status(ApiKeyStatus.Pending), "pending", "pending-idle");
        yield return Case("pending until it starts", Status(ApiKeyStatus.Pending, 2), "pending-idle");
        yield return Case("active from the start", Status(ApiKeyStatus.Active, 2), "plain", "started", "pending", "idling", "unused");
        yield return Case("idle", Status(ApiKeyStatus.Idle), "idle");
        yield return Case("idle later", Status(ApiKeyStatus.Idle, 6), "idle", "idling");
        yield return Case("expired is not idle", Status(ApiKeyStatus.Expired), "expired-idle");
        yield return Case("disabled is neither pending nor idle", Status(ApiKeyStatus.Disabled), "disabled");
        yield return Case("idle before", Idle(5 + (1 / 3_600.0)), "idle", "idling", "expired-idle", "disabled");
        yield return Case("idle before, exclusive", Idle(5), "idle", "expired-idle", "disabled");
        yield return Case("pending counts from its start", Idle(28.1), "idle", "idling", "expired-idle", "disabled", "pending-idle");
        yield return Case(
            "active and idle before", Idle(6) with { Status = ApiKeyStatus.Active, Now = Sample.Now }, "idling");
    }

    [TestCaseSource(nameof(LifecycleFilters))]
    public async Task List_LifecycleFilter_ReturnsMatchingKeys(ApiKeyFilter filter, string[] ids)
    {
        // An hour is the tolerance: the key "idle" expired exactly now, and "idling" expires in five hours.
        var expired = Sample.Now.AddDays(-1).AddHours(-1);
        var store = await CreateStoreAsync();
        await AddAllAsync(store,
        [
            Sample.Key("plain"),
            Sample.Key("started") with { NotBefore = Sample.Now },
            Sample.Key("pending") with { NotBefore = Sample.Now.AddHours(2) },
            Sample.Key("pending-idle") with { NotBefore = Sample.Now.AddHours(3), ExpiresAfterIdleDays = 1, CreatedAt = expired },
            Sample.Key("idle") with { CreatedAt = expired, ExpiresAfterIdleDays = 1 },
            Sample.Key("idling") with { CreatedAt = expired.AddHours(5), NotBefore = expired.AddHours(1), ExpiresAfterIdleDays = 1 },
            Sample.Key("unused") with { CreatedAt = expired, ExpiresAfterIdleDays = 36_500 },
            Sample.Key("expired-idle") with { CreatedAt = expired, ExpiresAfterIdleDays = 1, ExpiresAt = new ApiKeyExpiry(expired) },
            Sample.Key("disabled") with
            {
                CreatedAt = expired, ExpiresAfterIdleDays = 1, NotBefore = expired.AddHours(1), Enabled = false,
            },
        ]);

        var listed = await store.ListAsync(filter, default);
        Assert.That(listed.Select(key => key.Id), Is.EquivalentTo(ids));
        Assert.That(await store.CountAsync(filter, default), Is.EqualTo(ids.Length));
        if (filter.Status is { } status)
        {
            Assert.That(listed.Select(key => key.GetStatus(filter.Now)), Is.All.EqualTo(status));
        }
    }

    [Test]
    public async Task List_SeveralKeys_ReturnsNewestFirstThenById()
    {
        var store = await CreateStoreAsync();
        await AddAllAsync(store,
        [
            Sample.Key("b"), Sample.Key("a"), Sample.Key("Z"), Sample.Key("c") with { CreatedAt = Sample.Now.AddTicks(1) },
            Sample.Key("d") with { CreatedAt = Sample.Now.AddTicks(-1) },
        ]);

        Assert.That((await store.ListAsync(new(), default)).Select(key => key.Id), Is.EqualTo(new[] { "c", "Z", "a", "b", "d" }));
        Assert.That((await store.ListAsync(new() { Limit = 2 }, default)).Select(key => key.Id), Is.EqualTo(new[] { "c", "Z" }));
        var next = new ApiKeyFilter { Limit = 2, AfterCreatedAt = Sample.Now, AfterId = "Z" };
        Assert.That((await store.ListAsync(next, default)).Select(key => key.Id), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task List_KeysWithSeveralSecrets_CountsKeysNotSecrets()
    {
        var store = await CreateStoreAsync();
        var keys = Enumerable.Range(0, 4)
            .Select(index => Sample.Key($"k{index}") with { Secrets = [Sample.Secret(), Sample.Secret()] })
            .ToList();
        await AddAllAsync(store, keys);

        var page = await store.ListAsync(new() { Limit = 3 }, default);
        Assert.That(page.Select(key => key.Id), Is.EqualTo(new[] { "k0", "k1", "k2" }));
        KeyComparison.AssertEqual(page[2], keys[2] with { Version = 1 });
    }

    [Test]
    public async Task List_PagingWhileKeysAreAdded_ReturnsEachExistingKeyOnce()
    {
        var store = await CreateStoreAsync();
        ApiKey CreateNumberedKey(string id, int index) => Sample.Key(id) with { CreatedAt = Sample.Now.AddSeconds(index / 3) };
        await AddAllAsync(store, Enumerable.Range(0, 50).Select(index => CreateNumberedKey($"old{index:00}", index)));
        var adding = Task.Run(
            () => AddAllAsync(store, Enumerable.Range(0, 50).Select(index => CreateNumberedKey($"new{index:00}", index))));

        var listed = new List<string>();
        var filter = new ApiKeyFilter { Limit = 7 };
        while (await store.ListAsync(filter, default) is [.., var last] page)
        {
            listed.AddRange(page.Select(key => key.Id));
            filter = filter with { AfterCreatedAt = last.CreatedAt, AfterId = last.Id };
        }

        await adding;
        Assert.That(listed, Is.Unique);
        Assert.That(
            listed.Where(id => id.StartsWith("old", StringComparison.Ordinal)).Order(),
            Is.EqualTo(Enumerable.Range(0, 50).Select(index => $"old{index:00}")));
    }

    [Test]
    public async Task List_ZeroCount_Throws()
    {
        var store = await CreateStoreAsync();
        Assert.That(async () => await store.ListAsync(new() { Limit = 0 }, default), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(async () => await store.ListAuditAsync(new() { Limit = 0 }, default), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Keys are listed by creation, name or last use. The test is skipped for a store that has one order.</summary>
    [TestCase(ApiKeyOrder.Newest, "cherry", "date", "banana", "apple")]
    [TestCase(ApiKeyOrder.Oldest, "apple", "banana", "cherry", "date")]
    [TestCase(ApiKeyOrder.Name, "apple", "banana", "cherry", "date")]
    [TestCase(ApiKeyOrder.NameDescending, "cherry", "date", "banana", "apple")]
    [TestCase(ApiKeyOrder.LastUsed, "banana", "date", "cherry", "apple")]
    [TestCase(ApiKeyOrder.LastUsedDescending, "apple", "cherry", "banana", "date")]
    public async Task ListOrdered_AnyOrder_ReturnsThePagesOfTheFilter(ApiKeyOrder order, params string[] ids)
    {
        var store = await CreateStoreAsync();
        if (store is not IOrderedApiKeyStore ordered || store is not IApiKeyUsageStore usage)
        {
            Assert.Ignore("The store lists the newest keys first only.");
            return;
        }

        await AddAllAsync(store,
        [
            Sample.Key("cherry") with { Name = "zeta", CreatedAt = Sample.Now.AddMinutes(3), TenantId = "t" },
            Sample.Key("apple") with { Name = "Alpha", CreatedAt = Sample.Now.AddMinutes(1), TenantId = "t" },
            Sample.Key("other") with { Name = "Alpha", CreatedAt = Sample.Now.AddMinutes(1) },
            Sample.Key("date") with { Name = "Zeta", CreatedAt = Sample.Now.AddMinutes(3), TenantId = "t" },
            Sample.Key("banana") with { Name = "beta", CreatedAt = Sample.Now.AddMinutes(2), TenantId = "t" },
        ]);
        foreach (var (id, minutes) in new[] { ("apple", 20), ("cherry", 10), ("other", 30) })
        {
            var record = Sample.UsageRecord(await GetAsync(store, id), 1, Sample.Now.AddMinutes(minutes));
            await usage.AddUsageAsync(Sample.Batch(record), default);
        }

        var filter = new ApiKeyFilter { TenantId = "t", Limit = 3 };
        var first = await ordered.ListOrderedAsync(filter, order, 0, default);
        var second = await ordered.ListOrderedAsync(filter, order, 3, default);

        Assert.That(first.Concat(second).Select(key => key.Id), Is.EqualTo(ids));
        Assert.That(first.Concat(second).Single(key => key.Id == "apple").LastUsedAt, Is.EqualTo(Sample.Now.AddMinutes(20)));
        Assert.That(await ordered.ListOrderedAsync(filter, order, 4, default), Is.Empty);
        var named = await ordered.ListOrderedAsync(new() { TenantId = "t", NameContains = "eta" }, order, 0, default);
        Assert.That(named, Has.Count.EqualTo(3));
    }
}
