using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyStoreConformance
{
    [Test]
    public async Task ListAudit_DeletedKey_RoundTripsEveryPropertyOfItsEntry()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { TenantId = "t", Version = 1 };
        var entry = Sample.AuditEntry(key) with
        {
            At = Sample.Now.AddTicks(1),
            Actor = "user:ada 🙂",
            Address = "2001:db8::1",
            Changes = """{"name":{"from":null,"to":"a \"key\""}}""",
        };
        await store.AddAsync(key, [], entry, default);
        await DeleteAsync(store, key);

        var listed = await store.ListAuditAsync(new() { TenantId = "t" }, default);
        Assert.That(listed[1], Is.EqualTo(entry));
        Assert.That(listed[0].Action, Is.EqualTo("delete"));
    }

    [Test]
    public async Task ListAudit_Filter_ReturnsMatchingEntries()
    {
        var store = await CreateStoreAsync();
        ApiKeyAuditEntry[] entries = [.. new[] { null, "t", "T", "" }.Select((tenant, index) =>
            Sample.AuditEntry(Sample.Key($"k{index}") with { TenantId = tenant }) with
            {
                At = Sample.Now.AddHours(index),
                Actor = index % 2 == 0 ? "key:a" : "key:A",
                Action = index == 3 ? "update" : "create",
                Address = index == 0 ? null : $"203.0.113.{index}",
            })];
        foreach (var entry in entries)
        {
            await store.AddAsync(Sample.Key(entry.KeyId) with { TenantId = entry.TenantId }, [], entry, default);
        }

        async Task<string[]> ListAsync(ApiKeyAuditFilter filter) =>
            [.. (await store.ListAuditAsync(filter, default)).Select(entry => entry.KeyId).Order()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ListAsync(new()), Is.EqualTo(new[] { "k0" }));
            Assert.That(await ListAsync(new() { TenantId = "t" }), Is.EqualTo(new[] { "k1" }));
            Assert.That(await ListAsync(new() { TenantId = "" }), Is.EqualTo(new[] { "k3" }));
            Assert.That(await ListAsync(new() { AllTenants = true }), Is.EqualTo(new[] { "k0", "k1", "k2", "k3" }));
            Assert.That(await ListAsync(new() { AllTenants = true, KeyId = "k2" }), Is.EqualTo(new[] { "k2" }));
            Assert.That(await ListAsync(new() { AllTenants = true, KeyId = "K2" }), Is.Empty);
            Assert.That(await ListAsync(new() { AllTenants = true, Actor = "key:a" }), Is.EqualTo(new[] { "k0", "k2" }));
            Assert.That(await ListAsync(new() { TenantId = "t", Actor = "key:A" }), Is.EqualTo(new[] { "k1" }));
            Assert.That(await ListAsync(new() { AllTenants = true, Actor = "a" }), Is.Empty);
            Assert.That(await ListAsync(new() { AllTenants = true, Action = "create", Actor = "key:A" }), Is.EqualTo(new[] { "k1" }));
            Assert.That(await ListAsync(new() { AllTenants = true, Action = "Create" }), Is.Empty);
            Assert.That(await ListAsync(new() { AllTenants = true, Address = "203.0.113.2" }), Is.EqualTo(new[] { "k2" }));
            Assert.That(await ListAsync(new() { AllTenants = true, Address = "" }), Is.Empty);
            Assert.That(
                await ListAsync(new() { AllTenants = true, From = entries[1].At, To = entries[3].At }), Is.EqualTo(new[] { "k1", "k2" }));
        }
    }

    [Test]
    public async Task ListAudit_SeveralPages_ReturnsNewestFirst()
    {
        var store = await CreateStoreAsync();
        // IDs whose order differs between .NET, the type of a database and the bytes of a little-endian layout.
        string[] ids =
        [
            "00000001-0000-7000-8000-000000000002", "00000002-0000-7000-8000-000000000001", "00000100-0000-7000-8000-000000000000",
            "01000000-0000-7000-8000-000000000000", "80000000-0000-7000-8000-000000000000", "ff000000-0000-7000-8000-000000000000",
        ];
        foreach (var id in ids.Reverse())
        {
            var key = Sample.Key(id);
            await store.AddAsync(key, [], Sample.AuditEntry(key) with { Id = Guid.Parse(id) }, default);
        }

        var listed = new List<string>();
        var filter = new ApiKeyAuditFilter { Limit = 4 };
        while (await store.ListAuditAsync(filter, default) is [.., var last] page)
        {
            listed.AddRange(page.Select(entry => entry.KeyId));
            filter = filter with { AfterId = last.Id };
        }

        Assert.That(listed, Is.EqualTo(ids.Reverse()));
    }
}
