using ApiKeyAuth.Backplane;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Tests that the databases keep the last known number of nodes.</summary>
internal sealed class MemberCountStoreTests
{
    [Test]
    public async Task Sqlite_CountOfNodes_IsKept()
    {
        using var file = new SqliteFile();
        await TestAsync(builder => builder.AddSqlite(file.ConnectionString));
    }

    [Test]
    [Category("Long")]
    public async Task PostgreSql_CountOfNodes_IsKept()
    {
        var database = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await TestAsync(builder => builder.AddPostgreSql(database));
    }

    private static async Task TestAsync(Action<ApiKeyAuthBuilder> addStore)
    {
        await using var host = new StoreHost(addStore);
        await host.Services.MigrateApiKeysAsync();
        var store = host.Services.GetRequiredService<IApiKeyMemberCountStore>();
        Assert.That(await store.GetMemberCountAsync(default), Is.Null);

        // Two nodes add the row at the same time.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.SetMemberCountAsync(3, default).AsTask()));
        Assert.That(await store.GetMemberCountAsync(default), Is.EqualTo(3));
        await store.SetMemberCountAsync(2, default);
        Assert.That(await store.GetMemberCountAsync(default), Is.EqualTo(2));
    }
}
