using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyStoreConformance
{
    private static readonly ApiKeyQuota TenantQuota = new() { Max = 2, TenantId = "t" };
    private static readonly ApiKeyQuota OwnerQuota = new() { Max = 1, TenantId = "t", OwnerId = "o" };

    [Test]
    public async Task Add_QuotaExhausted_ChangesNothing()
    {
        var store = await CreateStoreAsync();
        var rejected = Sample.Key() with { TenantId = "t" };
        await AddAllAsync(store, [Sample.Key() with { TenantId = "t" }, Sample.Key() with { TenantId = "t", Enabled = false }]);

        Assert.That(await AddAsync(store, rejected, TenantQuota), Is.EqualTo(ApiKeyAddResult.QuotaExceeded));
        Assert.That(await store.GetAsync(rejected.Id, default), Is.Null);
        Assert.That(await ListAuditActionsAsync(store, rejected), Is.Empty);
        Assert.That(await AddAsync(store, rejected, TenantQuota with { Max = 3 }), Is.EqualTo(ApiKeyAddResult.Added));
    }

    [Test]
    public async Task Add_TenantQuota_CountsKeysOfTheTenantThatAreNotRevoked()
    {
        var store = await CreateStoreAsync();
        await AddAllAsync(store,
        [
            Sample.Key() with { TenantId = "t" }, Sample.Key() with { TenantId = "t", RevokedAt = Sample.Now },
            Sample.Key() with { TenantId = "T" }, Sample.Key(), Sample.Key() with { TenantId = "" }, Sample.Key() with { TenantId = "t2" },
        ]);

        Assert.That(await AddAsync(store, Sample.Key() with { TenantId = "t" }, TenantQuota), Is.EqualTo(ApiKeyAddResult.Added));
        Assert.That(await AddAsync(store, Sample.Key() with { TenantId = "t" }, TenantQuota), Is.EqualTo(ApiKeyAddResult.QuotaExceeded));
    }

    [Test]
    public async Task Add_QuotaWithoutTenant_CountsKeysWithoutTenant()
    {
        var store = await CreateStoreAsync();
        var quota = new ApiKeyQuota { Max = 1 };
        await AddAllAsync(store, [Sample.Key() with { TenantId = "" }, Sample.Key() with { TenantId = "t" }]);

        Assert.That(await AddAsync(store, Sample.Key(), quota), Is.EqualTo(ApiKeyAddResult.Added));
        Assert.That(await AddAsync(store, Sample.Key(), quota), Is.EqualTo(ApiKeyAddResult.QuotaExceeded));
    }

    [Test]
    public async Task Add_OwnerQuota_CountsKeysOfTheOwnerInTheTenant()
    {
        var store = await CreateStoreAsync();
        await AddAllAsync(
            store, [Sample.Key() with { TenantId = "t", OwnerId = "O" }, Sample.Key() with { TenantId = "u", OwnerId = "o" }]);
        var key = Sample.Key() with { TenantId = "t", OwnerId = "o" };

        Assert.That(await AddAsync(store, key, TenantQuota, OwnerQuota), Is.EqualTo(ApiKeyAddResult.Added));
        Assert.That(await AddAsync(store, key with { Id = "2", Secrets = [] }, OwnerQuota), Is.EqualTo(ApiKeyAddResult.QuotaExceeded));
        Assert.That(await AddAsync(store, key with { Id = "3", Secrets = [] }, TenantQuota), Is.EqualTo(ApiKeyAddResult.QuotaExceeded));
    }

    [Test]
    public async Task Add_ConcurrentCallsWithQuota_AddsUpToTheQuota([Values(null, "t")] string? tenant)
    {
        var store = await CreateStoreAsync();
        var quota = new ApiKeyQuota { Max = 5, TenantId = tenant };
        var results = await RunConcurrentlyAsync(20, _ => AddAsync(store, Sample.Key() with { TenantId = tenant }, quota));

        Assert.That(results.Count(result => result == ApiKeyAddResult.Added), Is.EqualTo(5));
        Assert.That(results.Count(result => result == ApiKeyAddResult.QuotaExceeded), Is.EqualTo(15));
        Assert.That(await store.CountAsync(new() { TenantId = tenant }, default), Is.EqualTo(5));
    }
}
