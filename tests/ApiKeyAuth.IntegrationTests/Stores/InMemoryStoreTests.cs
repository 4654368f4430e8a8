using ApiKeyAuth.InMemory;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Testing.Stores;

namespace ApiKeyAuth.IntegrationTests.Stores;

internal sealed class InMemoryStoreTests : ApiKeyUsageConformance
{
    protected override ValueTask<IWritableApiKeyStore> CreateStoreAsync() => new(new InMemoryApiKeyStore());
}
