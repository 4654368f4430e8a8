using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Usage;

/// <summary>Represents a writable store that does not record usage.</summary>
internal sealed class PlainStore : IWritableApiKeyStore
{
    private readonly InMemoryApiKeyStore _inner = new();

    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken) =>
        _inner.FindAsync(hashes, cancellationToken);

    public ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken) => _inner.GetAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken) =>
        _inner.ListAsync(filter, cancellationToken);

    public ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken) =>
        _inner.CountAsync(filter, cancellationToken);

    public ValueTask<ApiKeyAddResult> AddAsync(
        ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        _inner.AddAsync(key, quotas, audit, cancellationToken);

    public ValueTask<bool> TryUpdateAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        _inner.TryUpdateAsync(key, audit, cancellationToken);

    public ValueTask<bool> TryDeleteAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken) =>
        _inner.TryDeleteAsync(key, audit, cancellationToken);

    public ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken) =>
        _inner.ListAuditAsync(filter, cancellationToken);
}
