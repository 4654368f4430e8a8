using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Represents a store as an app uses it, resolved from its services in a scope.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;

    public StoreHost(Action<ApiKeyAuthBuilder> addStore)
    {
        var services = new ServiceCollection().AddLogging();
        addStore(services.AddApiKeyAuth());
        _services = services.BuildServiceProvider(validateScopes: true);
        _scope = _services.CreateAsyncScope();
    }

    public IServiceProvider Services => _services;

    public IWritableApiKeyStore Store => _scope.ServiceProvider.GetRequiredService<IWritableApiKeyStore>();

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
    }
}
