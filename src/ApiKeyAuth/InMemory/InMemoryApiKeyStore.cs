using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.InMemory;

/// <summary>Provides a store in the memory of the process, for tests, samples and apps that issue new keys at every start.</summary>
public sealed class InMemoryApiKeyStore
    : IWritableApiKeyStore, IBatchApiKeyStore, IPrefixApiKeyStore, IApiKeyUsageStore, IOrderedApiKeyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApiKey> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<ApiKeyHash, string> _idByHash = [];
    private readonly InMemoryPrefixIndex _prefixes = new();
    private readonly InMemoryUsage _usage = new();
    private readonly List<ApiKeyAuditEntry> _audit = [];

    /// <inheritdoc/>
    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (var hash in hashes)
            {
                if (_idByHash.TryGetValue(hash, out var id))
                {
                    return ValueTask.FromResult<ApiKey?>(_usage.ApplyLastUse(_byId[id]));
                }
            }

            return ValueTask.FromResult<ApiKey?>(null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKey?>> FindManyAsync(
        IReadOnlyList<IReadOnlyList<ApiKeyHash>> lookups, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lookups);
        var keys = new ApiKey?[lookups.Count];
        for (var index = 0; index < keys.Length; index++)
        {
            keys[index] = await FindAsync(lookups[index], cancellationToken);
        }

        return keys;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKey>> FindByPrefixAsync(
        IReadOnlyList<string> prefixes, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKey>>(
                [.. _prefixes.Find(prefixes).Take(limit).Select(id => _usage.ApplyLastUse(_byId[id]))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(_byId.TryGetValue(id, out var key) ? _usage.ApplyUsage(key) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken) =>
        ListOrderedAsync(filter, ApiKeyOrder.Newest, skip: 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKey>> ListOrderedAsync(
        ApiKeyFilter filter, ApiKeyOrder order, int skip, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var found = FilterByIds(filter).Where(key => Matches(key, filter) && IsUnused(key, filter) && IsAfter(key, filter));
            return ValueTask.FromResult<IReadOnlyList<ApiKey>>(
                [.. InMemoryOrder.Apply(found, order, _usage.GetLastUsedAt).Skip(skip).Take(filter.Limit).Select(_usage.ApplyUsage)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(FilterByIds(filter).LongCount(key => Matches(key, filter) && IsUnused(key, filter)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApiKeyAddResult> AddAsync(
        ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        StorableText.ThrowIfNotStorable(key);
        StorableText.ThrowIfNotStorable(audit);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var result = _byId.ContainsKey(key.Id) ? ApiKeyAddResult.IdTaken
                : key.Secrets.Any(secret => _idByHash.ContainsKey(secret.Hash)) ? ApiKeyAddResult.HashTaken
                : quotas.Any(IsQuotaReached) ? ApiKeyAddResult.QuotaExceeded
                : ApiKeyAddResult.Added;
            if (result == ApiKeyAddResult.Added)
            {
                Put(key with { Version = 1 });
                _audit.Add(audit);
            }

            return ValueTask.FromResult(result);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryUpdateAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        StorableText.ThrowIfNotStorable(key);
        StorableText.ThrowIfNotStorable(audit);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!IsCurrent(key) || key.Secrets.Any(secret => _idByHash.TryGetValue(secret.Hash, out var holder) && holder != key.Id))
            {
                return ValueTask.FromResult(false);
            }

            RemoveSecrets(key.Id, _byId[key.Id].Secrets.ExceptBy(key.Secrets.Select(secret => secret.Hash), secret => secret.Hash));
            Put(key with { Version = key.Version + 1 });
            _audit.Add(audit);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryDeleteAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        StorableText.ThrowIfNotStorable(audit);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!IsCurrent(key))
            {
                return ValueTask.FromResult(false);
            }

            RemoveSecrets(key.Id, _byId[key.Id].Secrets);
            _byId.Remove(key.Id);
            _usage.Remove(key.Id);
            _audit.Add(audit);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask AddUsageAsync(ApiKeyUsageBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _usage.Add(batch, (hash, keyId) => _idByHash.GetValueOrDefault(hash) == keyId);
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApiKeyUsageHistory> GetUsageAsync(ApiKeyUsageFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(_usage.GetHistory(filter));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApiKeyUsageOrigins> GetUsageOriginsAsync(
        ApiKeyUsageFilter filter,
        IReadOnlyCollection<string> countries,
        IReadOnlyCollection<string> networks,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(_usage.GetOrigins(filter, countries, networks));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RollUpUsageAsync(ApiKeyUsageRetention retention, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(retention);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _usage.RollUp(retention);
            return ValueTask.FromResult(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAuditEntry>>([.. _audit
                .Where(entry => (filter.AllTenants || entry.TenantId == filter.TenantId)
                    && (filter.KeyId is null || entry.KeyId == filter.KeyId)
                    && filter.Matches(entry)
                    && !(entry.At < filter.From) && !(entry.At >= filter.To)
                    && !(filter.AfterId is { } after && entry.Id.CompareTo(after) >= 0))
                .OrderByDescending(entry => entry.Id)
                .Take(filter.Limit)]);
        }
    }

    private IEnumerable<ApiKey> FilterByIds(ApiKeyFilter filter) => filter.Ids is null ? _byId.Values
        : filter.Ids.Distinct(StringComparer.Ordinal).Select(_byId.GetValueOrDefault).OfType<ApiKey>();

    private bool Matches(ApiKey key, ApiKeyFilter filter) =>
        (filter.AllTenants || key.TenantId == filter.TenantId)
        && (filter.OwnerId is null || key.OwnerId == filter.OwnerId)
        && (filter.CreatedBy is null || key.CreatedBy == filter.CreatedBy)
        && (filter.Kind is null || key.Kind == filter.Kind)
        && (filter.Environment is null || key.Environment == filter.Environment)
        && (filter.NameContains is null || key.Name.Contains(filter.NameContains, StringComparison.Ordinal))
        && (filter.Status is null || _usage.ApplyLastUse(key).GetStatus(filter.Now) == filter.Status)
        && (filter.IdleBefore is null || _usage.ApplyLastUse(key).GetIdleExpiration() < filter.IdleBefore)
        && (filter.ExpiredBefore is null || key.ExpiresAt?.Instant < filter.ExpiredBefore)
        && (!filter.HasLegacyHash || key.Secrets.Any(secret => secret.Hash.IsLegacy));

    private static bool IsAfter(ApiKey key, ApiKeyFilter filter) =>
        filter.AfterCreatedAt is not { } created
        || key.CreatedAt < created
        || (key.CreatedAt == created && string.CompareOrdinal(key.Id, filter.AfterId) > 0);

    private bool IsUnused(ApiKey key, ApiKeyFilter filter) =>
        filter.UnusedSince is not { } since || (_usage.GetLastUsedAt(key.Id) ?? key.CreatedAt) < since;

    private bool IsQuotaReached(ApiKeyQuota quota) =>
        _byId.Values.Count(key => key.RevokedAt is null && key.TenantId == quota.TenantId
            && (quota.OwnerId is null || key.OwnerId == quota.OwnerId)) >= quota.Max;

    private bool IsCurrent(ApiKey key) => _byId.TryGetValue(key.Id, out var current) && current.Version == key.Version;

    private void Put(ApiKey key)
    {
        _byId[key.Id] = key;
        _usage.Track(key.Id);
        foreach (var secret in key.Secrets)
        {
            _idByHash[secret.Hash] = key.Id;
            _prefixes.Add(secret, key.Id);
        }
    }

    private void RemoveSecrets(string keyId, IEnumerable<ApiKeySecret> secrets)
    {
        foreach (var secret in secrets.ToList())
        {
            _idByHash.Remove(secret.Hash);
            _prefixes.Remove(secret);
            _usage.RemoveSecret(keyId, secret.Hash);
        }
    }
}
