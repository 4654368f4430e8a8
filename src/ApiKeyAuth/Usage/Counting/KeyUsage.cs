
namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents the usage of one key since the last flush, protected by a lock on itself.</summary>
/// <remarks>
/// It outlives the cached records of the key. No app code holds an instance, and a private lock would add 48 bytes to each key in use.
/// </remarks>
internal sealed class KeyUsage(string keyId, RowBudget budget, int maxNetworks)
{
    // Entries of rarely used keys are kept for some flushes (5 minutes at the default interval) to avoid creating them again.
    private const int MaxIdleFlushes = 30;

    private SmallDictionary<UsageBucketKey, UsageBucket> _buckets;
    private SmallDictionary<string, ScopeLastUse> _scopes;
    private UsageOrigins _origins;
    private UsageBucket? _latestBucket;
    private byte _idleFlushCount;
    private bool _isRetired;

    public string KeyId => keyId;

    /// <summary>
    /// Counts a use and records the scopes that it used. In the usual case, a use like the last one, this is a comparison and an addition.
    /// </summary>
    public CountResult Count(in UsageBucketKey key, IReadOnlyList<string>? scopes, long now, bool isAccepted)
    {
        lock (this)
        {
            if (_isRetired)
            {
                return CountResult.Retired;
            }

            var result = CountCore(key, now, isAccepted);
            for (var i = 0; i < scopes?.Count; i++)
            {
                RecordScopeCore(scopes[i], now);
            }

            return result;
        }
    }

    /// <summary>Returns the time of the last use that may not be in the store yet, in UTC ticks, or 0 if there is none.</summary>
    /// <remarks>A bucket is removed by the flush after the one that stored it.</remarks>
    public long GetLastUsedAt()
    {
        lock (this)
        {
            return _buckets.Max(static bucket => bucket.LastUsedAt);
        }
    }

    public CountResult RecordScope(string scope, long now)
    {
        lock (this)
        {
            return _isRetired ? CountResult.Retired : RecordScopeCore(scope, now);
        }
    }

    /// <summary>Takes the counted usage. An entry without usage in several flushes is retired and does not count any more.</summary>
    /// <returns><see langword="true"/> if the entry is retired; otherwise, <see langword="false"/>.</returns>
    public bool TakeSnapshots(List<UsageSnapshot> snapshots, List<ApiKeyScopeLastUse> scopes)
    {
        lock (this)
        {
            TakeBuckets(snapshots);
            TakeScopeLastUses(scopes);
            _idleFlushCount = (byte)(_buckets.IsEmpty && _scopes.IsEmpty ? _idleFlushCount + 1 : 0);
            return _isRetired = _idleFlushCount == MaxIdleFlushes;
        }
    }

    private CountResult CountCore(in UsageBucketKey key, long now, bool isAccepted)
    {
        if (_latestBucket is not { } cell || !cell.HasKey(key))
        {
            if (GetOrAddBucket(key) is not { } found)
            {
                return CountResult.Dropped;
            }

            _latestBucket = cell = found;
        }

        cell.Add(now, isAccepted);
        return CountResult.Counted;
    }

    private CountResult RecordScopeCore(string scope, long now)
    {
        if (!_scopes.TryGet(scope, out var mark))
        {
            if (!budget.TryReserve())
            {
                return CountResult.Dropped;
            }

            _scopes.Add(scope, mark = new ScopeLastUse(scope));
        }

        mark.Record(now);
        return CountResult.Counted;
    }

    private UsageBucket? GetOrAddBucket(in UsageBucketKey key)
    {
        var kept = _origins.GetBucketKey(key, maxNetworks);
        if (!_buckets.TryGet(kept, out var cell) && budget.TryReserve())
        {
            _buckets.Add(kept, cell = new UsageBucket(kept));
        }

        return cell;
    }

    private void TakeBuckets(List<UsageSnapshot> snapshots) => _buckets.RemoveWhere(cell =>
    {
        if (cell.Count > 0)
        {
            snapshots.Add(cell.TakeSnapshot(keyId));
            budget.Reserve(1);
            return false;
        }

        _latestBucket = null;
        budget.Release(1);
        return true;
    });

    private void TakeScopeLastUses(List<ApiKeyScopeLastUse> scopes) => _scopes.RemoveWhere(mark =>
    {
        if (mark.TakeIfDue(out var isOver) is { } last)
        {
            scopes.Add(new ApiKeyScopeLastUse { KeyId = keyId, Scope = mark.Scope, LastUsedAt = last });
            budget.Reserve(1);
        }

        if (isOver)
        {
            budget.Release(1);
        }

        return isOver;
    });
}
