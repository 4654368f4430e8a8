using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Tests.Management;

public sealed class ListAllTests
{
    private static readonly ApiKeyListRequest PagesOfTwo = new() { Limit = 2 };

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(1_000)]
    public async Task ListAll_AnyPageSize_ReturnsEachKeyOnceNewestFirst(int limit)
    {
        await using var app = await StartAsync("a", "b", "c", "d", "e");
        var listed = await app.ManageAsync(keys => ReadAsync(keys, new ApiKeyListRequest { Limit = limit }));
        Assert.That(Names(listed), Is.EqualTo(new[] { "e", "d", "c", "b", "a" }));
    }

    [Test]
    public async Task ListAll_NoKeys_IsEmpty()
    {
        await using var app = await StartAsync();
        Assert.That(await app.ManageAsync(keys => ReadAsync(keys)), Is.Empty);
    }

    [Test]
    public async Task ListAll_Filter_ReturnsWhatListReturns()
    {
        await using var app = await StartAsync("billing 1", "other", "billing 2", "billing 3");
        await app.ManageAsync(async keys =>
            await keys.UpdateAsync(ApiKeyCaller.System, (await FindAsync(keys, "billing 2")).Id, new ApiKeyPatch { Enabled = false }));
        var request = new ApiKeyListRequest { Name = "billing", Status = ApiKeyStatus.Active, Limit = 1 };
        Assert.That(Names(await app.ManageAsync(keys => ReadAsync(keys, request))), Is.EqualTo(new[] { "billing 3", "billing 1" }));
    }

    [Test]
    public async Task ListAll_Cursor_StartsAfterIt()
    {
        await using var app = await StartAsync("a", "b", "c", "d", "e");
        var listed = await app.ManageAsync(async keys =>
        {
            var page = await keys.ListAsync(ApiKeyCaller.System, PagesOfTwo);
            return await ReadAsync(keys, PagesOfTwo with { Cursor = page.Value!.NextCursor });
        });
        Assert.That(Names(listed), Is.EqualTo(new[] { "c", "b", "a" }));
    }

    [Test]
    public async Task ListAll_CallerOfATenant_ReturnsItsKeysOnly()
    {
        await using var app = await StartAsync("none");
        await AddAsync(app, new NewApiKey { Name = "mine", TenantId = "t1", OwnerId = "u1", Kind = ApiKeyKinds.Service });
        await AddAsync(app, new NewApiKey { Name = "foreign", TenantId = "t2" });
        var (grantable, request) = (ScopeSet.Create(["*"]), new ApiKeyListRequest { Limit = 1 });
        Assert.That(
            Names(await app.ManageAsync(keys => ReadAsync(keys, request, ApiKeyCaller.User("u2", "t1", grantable)))),
            Is.EqualTo(new[] { "mine" }));
        Assert.That(
            await app.ManageAsync(keys => ReadAsync(keys, request, ApiKeyCaller.User("u1", "t1", grantable, isLimitedToOwnKeys: true))),
            Is.Empty,
            "the key belongs to the user, but it is not a personal key");
    }

    [Test]
    public async Task ListAll_Limit_IsTheNumberOfKeysReadAtATime()
    {
        await using var app = await StartAsync("a", "b", "c", "d", "e");
        await app.ManageAsync(async keys =>
        {
            await using var listing = keys.ListAllAsync(ApiKeyCaller.System, PagesOfTwo with { IncludeTotal = true }).GetAsyncEnumerator();
            Assert.That(app.Store.ListLimits, Is.Empty, "nothing is read before it is needed");
            foreach (var pages in new[] { 1, 1, 2, 2, 3 })
            {
                Assert.That(await listing.MoveNextAsync(), Is.True);
                Assert.That(app.Store.ListLimits, Has.Count.EqualTo(pages).And.All.EqualTo(3), "one more shows that there is a next page");
            }

            Assert.That(await listing.MoveNextAsync(), Is.False);
            return 0;
        });
    }

    [Test]
    public async Task ListAll_StoreFailsOnTheSecondPage_EndsWithTheProblem()
    {
        await using var app = await StartAsync("a", "b", "c");
        await app.ManageAsync(async keys =>
        {
            var listed = new List<ApiKeyResult<ApiKey>>();
            await foreach (var key in keys.ListAllAsync(ApiKeyCaller.System, PagesOfTwo))
            {
                listed.Add(key);
                app.Store.IsDown = true;
            }

            Assert.That(listed.Select(key => key.Value?.Name), Is.EqualTo(new[] { "c", "b", null }));
            Assert.That((listed[^1].Error!.StatusCode, listed[^1].Error!.Code), Is.EqualTo((503, "key_store_unavailable")));
            return 0;
        });
    }

    [Test]
    public async Task ListAll_StoreDown_IsNotEmpty()
    {
        await using var app = await StartAsync();
        app.Store.IsDown = true;
        var listed = await app.ManageAsync(keys => ReadAsync(keys));
        Assert.That(listed.Select(key => key.Error?.Code), Is.EqualTo(new[] { "key_store_unavailable" }));
    }

    [TestCase(0, null, "limit")]
    [TestCase(1_001, null, "limit")]
    [TestCase(0, "no cursor", "limit,cursor")]
    public async Task ListAll_InvalidRequest_IsTheProblemOfList(int limit, string? cursor, string fields)
    {
        await using var app = await StartAsync("a");
        var request = new ApiKeyListRequest { Limit = limit, Cursor = cursor };
        var listed = await app.ManageAsync(keys => ReadAsync(keys, request));
        Assert.That(listed, Has.Count.EqualTo(1));
        Assert.That(listed[0].Error!.Fields.Keys, Is.EqualTo(fields.Split(',')));
    }

    [Test]
    public async Task ListAll_KeysChangeDuringIt_ReturnsEachAtMostOnceAndAsItIs()
    {
        await using var app = await StartAsync("a", "b", "c", "d", "e", "f");
        var listed = await app.ManageAsync(async keys =>
        {
            var names = new List<string?>();
            await foreach (var key in keys.ListAllAsync(ApiKeyCaller.System, PagesOfTwo))
            {
                names.Add(key.Value?.Name);
                if (names.Count != 2)
                {
                    continue;
                }

                // The last key of the first page, whose position the next page follows, and one of the second page are deleted.
                await keys.DeleteAsync(ApiKeyCaller.System, (await FindAsync(keys, "e")).Id);
                await keys.DeleteAsync(ApiKeyCaller.System, (await FindAsync(keys, "d")).Id);
                await keys.UpdateAsync(ApiKeyCaller.System, (await FindAsync(keys, "f")).Id, new ApiKeyPatch { Name = "first" });
                await keys.UpdateAsync(ApiKeyCaller.System, (await FindAsync(keys, "a")).Id, new ApiKeyPatch { Name = "renamed" });
                await AddAsync(app, new NewApiKey { Name = "new" });
            }

            return names;
        });
        Assert.That(listed, Is.EqualTo(new[] { "f", "e", "c", "b", "renamed" }));
    }

    [Test]
    public async Task ListAll_CanceledBetweenPages_Throws([Values] bool byEnumerator)
    {
        await using var app = await StartAsync("a", "b", "c");
        using var canceled = new CancellationTokenSource();
        var listed = new List<string?>();
        var listing = app.ManageAsync(async keys =>
        {
            var (direct, late) = byEnumerator ? (CancellationToken.None, canceled.Token) : (canceled.Token, CancellationToken.None);
            await foreach (var key in keys.ListAllAsync(ApiKeyCaller.System, PagesOfTwo, direct).WithCancellation(late))
            {
                listed.Add(key.Value?.Name);
                await canceled.CancelAsync();
            }

            return 0;
        });
        Assert.That(async () => await listing, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(listed, Is.EqualTo(new[] { "c", "b" }));
        Assert.That(app.Store.ListLimits, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ListAll_WithoutACaller_ThrowsAtTheCall()
    {
        await using var app = await StartAsync();
        await app.ManageAsync(keys =>
        {
            Assert.That(() => keys.ListAllAsync(null!), Throws.ArgumentNullException);
            return Task.FromResult(0);
        });
    }

    /// <summary>Starts an app with keys that were created one second apart, which makes their order that of the names.</summary>
    private static async Task<ManagedApp> StartAsync(params string[] names)
    {
        var app = await ManagedApp.StartAsync();
        app.Store.ListLimits.Clear();
        foreach (var name in names)
        {
            await AddAsync(app, new NewApiKey { Name = name });
        }

        return app;
    }

    private static async Task AddAsync(ManagedApp app, NewApiKey key)
    {
        app.App.Clock.Advance(TimeSpan.FromSeconds(1));
        var created = await app.ManageAsync(keys => keys.CreateAsync(ApiKeyCaller.System, key));
        Assert.That(created.Error?.Message, Is.Null);
    }

    private static async Task<List<ApiKeyResult<ApiKey>>> ReadAsync(
        ApiKeyManager keys, ApiKeyListRequest? request = null, ApiKeyCaller? caller = null) =>
        await keys.ListAllAsync(caller ?? ApiKeyCaller.System, request).ToListAsync();

    private static async Task<ApiKey> FindAsync(ApiKeyManager keys, string name) =>
        (await keys.ListAsync(ApiKeyCaller.System, new ApiKeyListRequest { Name = name })).Value!.Keys[0];

    private static IEnumerable<string?> Names(IEnumerable<ApiKeyResult<ApiKey>> keys) => keys.Select(key => key.Value?.Name);
}
