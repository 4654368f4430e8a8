
namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents the uses with the same properties since the last flush. The lock of the key protects it.</summary>
internal sealed class UsageBucket(UsageBucketKey key) : IKeyed<UsageBucketKey>
{
    private readonly UsageBucketKey _key = key;
    private long _firstUsedAt;
    private long _lastUsedAt;

    public long Count { get; private set; }

    public bool HasKey(in UsageBucketKey key) => _key.Equals(key);

    public void Add(long now)
    {
        if (Count++ == 0)
        {
            _firstUsedAt = now;
        }

        _lastUsedAt = Math.Max(_lastUsedAt, now);
    }

    /// <summary>Takes the counted usage. The bucket is kept, because the key is likely to be used again.</summary>
    public UsageSnapshot TakeSnapshot(string keyId)
    {
        var use = new ApiKeyUsageRecord
        {
            KeyId = keyId,
            Hash = _key.Hash,
            Count = Count,
            LastUsedAt = new DateTimeOffset(_lastUsedAt, TimeSpan.Zero),
            Hour = new DateTimeOffset(_key.Hour * TimeSpan.TicksPerHour, TimeSpan.Zero),
            Outcome = _key.Outcome,
            Country = _key.Country.ToString(),
        };
        Count = 0;
        return new UsageSnapshot(use, _key.Network, _firstUsedAt);
    }
}
