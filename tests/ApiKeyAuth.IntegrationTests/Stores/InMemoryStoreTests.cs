using ApiKeyAuth.Stores;
using ApiKeyAuth.Testing.Stores;

namespace ApiKeyAuth.IntegrationTests.Stores;

internal sealed class InMemoryStoreTests : ApiKeyStoreConformance
{
    protected override ValueTask<IWritableApiKeyStore> CreateStoreAsync() => new(new InMemoryApiKeyStore());
}
