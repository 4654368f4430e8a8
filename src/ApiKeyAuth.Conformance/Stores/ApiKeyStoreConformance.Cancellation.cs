namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyStoreConformance
{
    [Test]
    public async Task AnyCall_Canceled_ThrowsAndChangesNothing()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { Version = 1 };
        await AddAllAsync(store, [key]);
        var other = Sample.Key();
        var token = new CancellationToken(canceled: true);
        Func<Task>[] calls =
        [
            async () => await store.FindAsync([key.Secrets[0].Hash], token),
            async () => await store.GetAsync(key.Id, token),
            async () => await store.ListAsync(new(), token),
            async () => await store.CountAsync(new(), token),
            async () => await store.ListAuditAsync(new(), token),
            async () => await store.AddAsync(other, [], Sample.AuditEntry(other), token),
            async () => await store.TryUpdateAsync(key with { Name = "changed" }, Sample.AuditEntry(key), token),
            async () => await store.TryDeleteAsync(key, Sample.AuditEntry(key), token),
        ];

        foreach (var call in calls)
        {
            Assert.That(call, Throws.InstanceOf<OperationCanceledException>());
        }

        KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), key);
        Assert.That((await GetAsync(store, key.Id)).UsageCount, Is.Zero);
        Assert.That(await store.GetAsync(other.Id, default), Is.Null);
        Assert.That(await ListAuditActionsAsync(store, key), Is.EqualTo(new[] { "create" }));
    }
}
