using System.Collections.Concurrent;
using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Usage;

/// <summary>Counts the uses of keys in memory: no store is asked, and a key that is in use is found without a look-up.</summary>
internal sealed class UsageCounter(ApiKeyUsageOptions options, TimeProvider clock, ApiKeyMetrics metrics) : IScopeUses
{
    private readonly ConcurrentDictionary<string, KeyUses> _keys = new(StringComparer.Ordinal);
    private volatile bool _isKept = true;
    private long _dropped;

    public bool IsOn => options.Enabled;

    /// <summary>The room for rows, of which those here and those on their way to the store take up some.</summary>
    public UsageRoom Room { get; } = new(options.MaxPendingRows);

    /// <summary>The keys with uses; may be walked while others are added.</summary>
    public IEnumerable<KeyUses> Keys => _keys.Select(pair => pair.Value);

    private int MostNetworks => options.MaxNetworksPerKey;

    /// <summary>Counts a use of a key.</summary>
    /// <param name="verified">The key with the secret that was used.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="address">Where it came from; no more than its network is kept.</param>
    /// <param name="at">When, in ticks of UTC, or 0 for now.</param>
    /// <param name="country">The country that the request itself names.</param>
    public void Count(VerifiedApiKey verified, string outcome, IPAddress? address, long at = 0, CountryCode country = default)
    {
        if (!options.Enabled)
        {
            return;
        }

        metrics.Used(outcome);
        if (!_isKept)
        {
            return;
        }

        var now = Moment(at);
        var (network, kept) = MostNetworks == 0 ? default : (UsageNetwork.Of(address), country);
        var kind = new UsageKind(verified.Secret.Hash, (int)(now / TimeSpan.TicksPerHour), outcome, network, kept);
        var uses = Of(verified);
        while (true)
        {
            switch (uses.Count(kind, now))
            {
                case CountResult.Counted:
                    return;
                case CountResult.Dropped:
                    Interlocked.Increment(ref _dropped);
                    return;
                default:
                    uses = Renew(verified, uses);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Note(VerifiedApiKey verified, string scope, long at = 0)
    {
        if (!options.Enabled || !_isKept)
        {
            return;
        }

        var now = Moment(at);
        for (var uses = Of(verified); uses.Note(scope, now) == CountResult.Retired;)
        {
            uses = Renew(verified, uses);
        }
    }

    /// <summary>Forgets a key that was retired.</summary>
    public void Forget(KeyUses retired) => _keys.TryRemove(new KeyValuePair<string, KeyUses>(retired.KeyId, retired));

    /// <summary>Counts for the metric alone from now on: no store keeps more.</summary>
    public void KeepNothing()
    {
        _isKept = false;
        _keys.Clear();
    }

    /// <summary>How many uses were dropped since the call before.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    private long Moment(long at) => at != 0 ? at : clock.GetUtcNow().UtcTicks;

    private KeyUses Of(VerifiedApiKey verified) => verified.Uses as KeyUses ?? Find(verified);

    private KeyUses Find(VerifiedApiKey verified)
    {
        var uses = _keys.GetOrAdd(verified.Key.Id, static (id, counter) => new KeyUses(id, counter.Room, counter.MostNetworks), this);
        verified.Uses = uses;
        return uses;
    }

    private KeyUses Renew(VerifiedApiKey verified, KeyUses retired)
    {
        Forget(retired);
        return Find(verified);
    }
}
