using System.Collections.Concurrent;
using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Usage.Countries;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>Counts the uses of keys in memory, without store calls.</summary>
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
    /// <param name="isAccepted">Whether authentication accepted the key. A rejected request is counted, but it is not a use.</param>
    /// <param name="scopes">The scopes that the request used, or null if it used none.</param>
    public void Count(
        VerifiedApiKey verified, string outcome, IPAddress? address, long utcTicks = 0, CountryCode country = default,
        IReadOnlyList<string>? scopes = null, bool isAccepted = true)
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
        var usage = GetUsage(verified.Key.Id);
        var result = usage.Count(kind, scopes, now, isAccepted);
        while (result == CountResult.Retired)
        {
            Remove(usage);
            usage = GetUsage(verified.Key.Id);
            result = usage.Count(kind, scopes, now, isAccepted);
        }

        if (result == CountResult.Dropped)
        {
            Interlocked.Increment(ref _droppedCount);
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
        var usage = GetUsage(verified.Key.Id);
        while (usage.RecordScope(scope, now) == CountResult.Retired)
        {
            Remove(usage);
            usage = GetUsage(verified.Key.Id);
        }
    }

    /// <summary>Returns the time of the last use of a key that may not be in the store yet, or null if there is none.</summary>
    public DateTimeOffset? FindLastUse(string keyId) =>
        _usageByKey.TryGetValue(keyId, out var usage) && usage.GetLastUsedAt() is > 0 and var ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

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

    private KeyUsage GetUsage(string keyId) =>
        _usageByKey.GetOrAdd(keyId, static (id, counter) => new KeyUsage(id, counter.Budget, counter.MaxNetworks), this);
}
