
namespace ApiKeyAuth.Usage.Counting;

/// <summary>The uses of one key since the last flush. It outlives the key's cached records, which only point at it. Its own gate: nobody else holds it, and there are many.</summary>
internal sealed class KeyUsage(string keyId, RowBudget budget, int maxNetworks)
{
    // A key that is used now and then is not made anew each time; at the usual interval these are 5 minutes.
    private const int MaxIdleFlushes = 30;

    private SmallDictionary<UsageBucketKey, UsageBucket> _buckets;
    private SmallDictionary<string, ScopeLastUse> _scopes;
    private UsageOrigins _origins;
    private UsageBucket? _latestBucket;
    private byte _idleFlushCount;
    private bool _isRetired;

    public string KeyId => keyId;

    /// <summary>Counts a use. One that is like the last, as most are, costs a comparison and an addition.</summary>
    public CountResult Count(in UsageBucketKey key, long now)
    {
        lock (this)
        {
            if (_isRetired)
            {
                return CountResult.Retired;
            }

            if (_latestBucket is not { } cell || !cell.HasKey(key))
            {
                if (GetOrAddBucket(key) is not { } found)
                {
                    return CountResult.Dropped;
                }

                _latestBucket = cell = found;
            }

            cell.Add(now);
            return CountResult.Counted;
        }
    }

    public CountResult RecordScope(string scope, long now)
    {
        lock (this)
        {
            if (_isRetired)
            {
                return CountResult.Retired;
            }

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
    }

    /// <summary>Takes what was counted. Who was not used for some flushes is retired, and counts nothing any more.</summary>
    /// <returns>Whether it is retired.</returns>
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
