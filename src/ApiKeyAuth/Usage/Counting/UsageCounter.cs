using System.Collections.Concurrent;
using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Usage.Countries;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>Counts the uses of keys in memory: no store is asked, and a key that is in use is found without a look-up.</summary>
internal sealed class UsageCounter(ApiKeyUsageOptions options, TimeProvider clock, ApiKeyMetrics metrics)
{
    private readonly ConcurrentDictionary<string, KeyUsage> _usageByKey = new(StringComparer.Ordinal);
    private volatile bool _isStored = true;
    private long _droppedCount;

    public bool IsEnabled => options.Enabled;

    /// <summary>The room for rows, of which those here and those on their way to the store take up some.</summary>
    public RowBudget Budget { get; } = new(options.MaxPendingRows);

    /// <summary>The keys with uses; may be walked while others are added.</summary>
    public IEnumerable<KeyUsage> KeyUsages => _usageByKey.Select(pair => pair.Value);

    private int MaxNetworks => options.MaxNetworksPerKey;

    /// <summary>Counts a use of a key.</summary>
    /// <param name="verified">The key with the secret that was used.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="address">Where it came from; no more than its network is kept.</param>
    /// <param name="utcTicks">When, in ticks of UTC, or 0 for now.</param>
    /// <param name="country">The country that the request itself names.</param>
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

    /// <summary>Forgets a key that was retired.</summary>
    public void Remove(KeyUsage retired) => _usageByKey.TryRemove(new KeyValuePair<string, KeyUsage>(retired.KeyId, retired));

    /// <summary>Counts for the metric alone from now on: no store keeps more.</summary>
    public void DisableStorage()
    {
        _isStored = false;
        _usageByKey.Clear();
    }

    /// <summary>How many uses were dropped since the call before.</summary>
    public long TakeDroppedCount() => Interlocked.Exchange(ref _droppedCount, 0);

    private long GetTicks(long utcTicks) => utcTicks != 0 ? utcTicks : clock.GetUtcNow().UtcTicks;

    private KeyUsage GetUsage(VerifiedApiKey verified) => verified.UsageState as KeyUsage ?? GetOrAdd(verified);

    private KeyUsage GetOrAdd(VerifiedApiKey verified)
    {
        var uses = _usageByKey.GetOrAdd(verified.Key.Id, static (id, counter) => new KeyUsage(id, counter.Budget, counter.MaxNetworks), this);
        verified.UsageState = uses;
        return uses;
    }

    private KeyUsage Replace(VerifiedApiKey verified, KeyUsage retired)
    {
        Remove(retired);
        return GetOrAdd(verified);
    }
}
