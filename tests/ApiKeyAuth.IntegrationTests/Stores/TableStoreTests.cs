using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Testing.Stores;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>A store written by hand in an hour meets what verification needs.</summary>
internal sealed class TableStoreTests : ApiKeyLookupConformance
{
    private SqliteFile _file = null!;

    [SetUp]
    public void Create() => _file = new SqliteFile();

    [TearDown]
    public void Delete() => _file.Dispose();

    protected override async ValueTask<IApiKeyStore> CreateStoreAsync(IReadOnlyList<ApiKey> keys)
    {
        var store = new TableStore(_file.ConnectionString);
        await store.FillAsync(keys);
        return store;
    }
}
