using System.Collections.Concurrent;
using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Usage.Countries;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>Counts the uses of keys in memory, without store calls. The entry of a cached key is found without a lookup.</summary>
internal sealed class UsageCounter(ApiKeyUsageOptions options, TimeProvider clock, ApiKeyMetrics metrics)
{
    private readonly ConcurrentDictionary<string, KeyUsage> _usageByKey = new(StringComparer.Ordinal);
    private volatile bool _isStored = true;
    private long _droppedCount;

    public bool IsEnabled => options.Enabled;

    /// <summary>Gets the budget of rows, including those that are being written to the store.</summary>
    public RowBudget Budget { get; } = new(options.MaxPendingRows);

    /// <summary>Gets the keys with usage. It can be enumerated while keys are added.</summary>
    public IEnumerable<KeyUsage> KeyUsages => _usageByKey.Select(pair => pair.Value);

    private int MaxNetworks => options.MaxNetworksPerKey;

    /// <summary>Counts a use of a key.</summary>
    /// <param name="verified">The key, with the secret that was used.</param>
    /// <param name="outcome">The outcome of the request.</param>
    /// <param name="address">The address of the caller. Only its network is stored.</param>
    /// <param name="utcTicks">The time of the request, in UTC ticks, or 0 for the current time.</param>
    /// <param name="country">The country, if the request itself has one.</param>
    public void Count(VerifiedApiKey verified, string outcome, IPAddress? address, long utcTicks = 0, CountryCode country = default)
    {
        if (!options.Enabled)
        {
            return;
        }

        metrics.RecordUse(outcome);
        if (!_isStored)
        {
            return;
        }

        var now = GetTicks(utcTicks);
        var (network, kept) = MaxNetworks == 0 ? default : (UsageNetwork.FromAddress(address), country);
        var kind = new UsageBucketKey(verified.Secret.Hash, (int)(now / TimeSpan.TicksPerHour), outcome, network, kept);
        var uses = GetUsage(verified);
        while (true)
        {
            switch (uses.Count(kind, now))
            {
                case CountResult.Counted:
                    return;
                case CountResult.Dropped:
                    Interlocked.Increment(ref _droppedCount);
                    return;
                default:
                    uses = Replace(verified, uses);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void RecordUse(VerifiedApiKey verified, string scope, long at = 0)
    {
        if (!options.Enabled || !_isStored)
        {
            return;
        }

        var now = GetTicks(at);
        for (var uses = GetUsage(verified); uses.RecordScope(scope, now) == CountResult.Retired;)
        {
            uses = Replace(verified, uses);
        }
    }

    /// <summary>Removes a key that was retired.</summary>
    public void Remove(KeyUsage retired) => _usageByKey.TryRemove(new KeyValuePair<string, KeyUsage>(retired.KeyId, retired));

    /// <summary>Stops recording rows, because no store records usage. Only the metric is updated.</summary>
    public void DisableStorage()
    {
        _isStored = false;
        _usageByKey.Clear();
    }

    /// <summary>Gets the number of dropped uses since the last call.</summary>
    public long TakeDroppedCount() => Interlocked.Exchange(ref _droppedCount, 0);

    private long GetTicks(long utcTicks) => utcTicks != 0 ? utcTicks : clock.GetUtcNow().UtcTicks;

    private KeyUsage GetUsage(VerifiedApiKey verified) => verified.UsageState as KeyUsage ?? GetOrAdd(verified);

    private KeyUsage GetOrAdd(VerifiedApiKey verified)
    {
        var uses = _usageByKey.GetOrAdd(
            verified.Key.Id, static (id, counter) => new KeyUsage(id, counter.Budget, counter.MaxNetworks), this);
        verified.UsageState = uses;
        return uses;
    }

    private KeyUsage Replace(VerifiedApiKey verified, KeyUsage retired)
    {
        Remove(retired);
        return GetOrAdd(verified);
    }
}
