using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents the store as a node of a simulation reaches it.</summary>
internal sealed class SimulatedStore(InMemoryApiKeyStore primary, NetworkLink link)
    : IWritableApiKeyStore, IServiceScopeFactory, IServiceScope, IServiceProvider
{
    public IServiceProvider ServiceProvider => this;

    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => GetResult(primary.FindAsync(hashes, CancellationToken.None)), CancellationToken.None));

    public ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => GetResult(primary.GetAsync(id, CancellationToken.None)), cancellationToken));

    public ValueTask<bool> TryUpdateAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => GetResult(primary.TryUpdateAsync(key, audit, CancellationToken.None)), cancellationToken));

    public ValueTask<bool> TryDeleteAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => GetResult(primary.TryDeleteAsync(key, audit, CancellationToken.None)), cancellationToken));

    public ValueTask<ApiKeyAddResult> AddAsync(
        ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => GetResult(primary.AddAsync(key, quotas, audit, CancellationToken.None)), cancellationToken));

    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask AddUsageAsync(IReadOnlyList<ApiKeyUsageRecord> records, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IServiceScope CreateScope() => this;

    public object? GetService(Type serviceType) =>
        serviceType == typeof(IEnumerable<IApiKeyStore>) ? new IApiKeyStore[] { this } : null;

    public void Dispose()
    {
    }

    private static T GetResult<T>(ValueTask<T> response) =>
        response.IsCompletedSuccessfully ? response.Result : throw new InvalidOperationException();
}
