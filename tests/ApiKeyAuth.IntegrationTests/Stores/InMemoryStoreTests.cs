using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.IntegrationTests.Stores;

internal sealed class InMemoryStoreTests : ApiKeyUsageConformance
{
    protected override ValueTask<IWritableApiKeyStore> CreateStoreAsync() => new(new InMemoryApiKeyStore());
}
