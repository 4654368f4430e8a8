using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>The primary as one node of a simulation reaches it.</summary>
internal sealed class SimulatedStore(InMemoryApiKeyStore primary, Link link) : IWritableApiKeyStore, IServiceScopeFactory, IServiceScope, IServiceProvider
{
    public IServiceProvider ServiceProvider => this;

    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => Done(primary.FindAsync(hashes, CancellationToken.None)), CancellationToken.None));

    public ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => Done(primary.GetAsync(id, CancellationToken.None)), cancellationToken));

    public ValueTask<bool> TryUpdateAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => Done(primary.TryUpdateAsync(key, audit, CancellationToken.None)), cancellationToken));

    public ValueTask<bool> TryDeleteAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => Done(primary.TryDeleteAsync(key, audit, CancellationToken.None)), cancellationToken));

    public ValueTask<ApiKeyAddResult> AddAsync(ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => Done(primary.AddAsync(key, quotas, audit, CancellationToken.None)), cancellationToken));

    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask AddUsageAsync(IReadOnlyList<ApiKeyUsageRecord> uses, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IServiceScope CreateScope() => this;

    public object? GetService(Type serviceType) => serviceType == typeof(IEnumerable<IApiKeyStore>) ? new IApiKeyStore[] { this } : null;

    public void Dispose()
    {
    }

    private static T Done<T>(ValueTask<T> answer) => answer.IsCompletedSuccessfully ? answer.Result : throw new InvalidOperationException();
}
