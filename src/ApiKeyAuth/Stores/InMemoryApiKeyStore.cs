using System.Runtime.InteropServices;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Keeps keys in the memory of one process: for trying out, for tests, and for apps that issue keys anew at every start.</summary>
public sealed class InMemoryApiKeyStore : IWritableApiKeyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApiKey> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<ApiKeyHash, string> _idByHash = [];
    private readonly Dictionary<string, (long Count, DateTimeOffset LastUsedAt)> _usage = new(StringComparer.Ordinal);
    private readonly Dictionary<ApiKeyHash, DateTimeOffset> _lastUses = [];
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
                    return ValueTask.FromResult<ApiKey?>(_byId[id]);
                }
            }

            return ValueTask.FromResult<ApiKey?>(null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(_byId.TryGetValue(id, out var key) ? WithUsage(key) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Count, 1);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKey>>([.. _byId.Values
                .Where(key => Matches(key, filter) && IsAfter(key, filter))
                .OrderByDescending(key => key.CreatedAt)
                .ThenBy(key => key.Id, StringComparer.Ordinal)
                .Take(filter.Count)
                .Select(WithUsage)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(_byId.Values.LongCount(key => Matches(key, filter)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApiKeyAddition> AddAsync(
        ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        StorableText.ThrowIfNotStorable(key);
        StorableText.ThrowIfNotStorable(audit);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var answer = _byId.ContainsKey(key.Id) ? ApiKeyAddition.IdTaken
                : key.Secrets.Any(secret => _idByHash.ContainsKey(secret.Hash)) ? ApiKeyAddition.HashTaken
                : quotas.Any(IsUsedUp) ? ApiKeyAddition.QuotaExceeded
                : ApiKeyAddition.Added;
            if (answer == ApiKeyAddition.Added)
            {
                Put(key with { Version = 1 });
                _audit.Add(audit);
            }

            return ValueTask.FromResult(answer);
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

            ForgetSecrets(_byId[key.Id].Secrets.ExceptBy(key.Secrets.Select(secret => secret.Hash), secret => secret.Hash));
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

            ForgetSecrets(_byId[key.Id].Secrets);
            _byId.Remove(key.Id);
            _usage.Remove(key.Id);
            _audit.Add(audit);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask AddUsageAsync(IReadOnlyList<ApiKeyUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (var use in uses)
            {
                if (!_byId.ContainsKey(use.KeyId))
                {
                    continue;
                }

                ref var usage = ref CollectionsMarshal.GetValueRefOrAddDefault(_usage, use.KeyId, out _);
                usage = (usage.Count + use.Count, Later(usage.LastUsedAt, use.LastUsedAt));
                if (_idByHash.GetValueOrDefault(use.Hash) == use.KeyId)
                {
                    _lastUses[use.Hash] = Later(_lastUses.GetValueOrDefault(use.Hash), use.LastUsedAt);
                }
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Count, 1);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAuditEntry>>([.. _audit
                .Where(entry => (filter.AllTenants || entry.TenantId == filter.TenantId)
                    && (filter.KeyId is null || entry.KeyId == filter.KeyId)
                    && !(entry.At < filter.From) && !(entry.At >= filter.To)
                    && !(filter.AfterId is { } after && entry.Id.CompareTo(after) >= 0))
                .OrderByDescending(entry => entry.Id)
                .Take(filter.Count)]);
        }
    }

    private static bool Matches(ApiKey key, ApiKeyFilter filter) =>
        (filter.AllTenants || key.TenantId == filter.TenantId)
        && (filter.OwnerId is null || key.OwnerId == filter.OwnerId)
        && (filter.Kind is null || key.Kind == filter.Kind)
        && (filter.Environment is null || key.Environment == filter.Environment)
        && (filter.NameContains is null || key.Name.Contains(filter.NameContains, StringComparison.Ordinal))
        && (filter.Status is null || key.GetStatus(filter.Now) == filter.Status)
        && (filter.ExpiredBefore is null || key.ExpiresAt?.Instant < filter.ExpiredBefore);

    private static bool IsAfter(ApiKey key, ApiKeyFilter filter) =>
        filter.AfterCreatedAt is not { } created
        || key.CreatedAt < created
        || (key.CreatedAt == created && string.CompareOrdinal(key.Id, filter.AfterId) > 0);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private bool IsUsedUp(ApiKeyQuota quota) =>
        _byId.Values.Count(key => key.RevokedAt is null && key.TenantId == quota.TenantId && (quota.OwnerId is null || key.OwnerId == quota.OwnerId))
            >= quota.Max;

    private bool IsCurrent(ApiKey key) => _byId.TryGetValue(key.Id, out var current) && current.Version == key.Version;

    private ApiKey WithUsage(ApiKey key) => key with
    {
        UsageCount = _usage.GetValueOrDefault(key.Id).Count,
        LastUsedAt = _usage.TryGetValue(key.Id, out var usage) ? usage.LastUsedAt : null,
        Secrets = [.. key.Secrets.Select(secret => secret with { LastUsedAt = _lastUses.TryGetValue(secret.Hash, out var last) ? last : null })],
    };

    private void Put(ApiKey key)
    {
        _byId[key.Id] = key;
        foreach (var secret in key.Secrets)
        {
            _idByHash[secret.Hash] = key.Id;
        }
    }

    private void ForgetSecrets(IEnumerable<ApiKeySecret> secrets)
    {
        foreach (var secret in secrets.ToList())
        {
            _idByHash.Remove(secret.Hash);
            _lastUses.Remove(secret.Hash);
        }
    }
}
