
namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents the uses with the same properties since the last flush. The lock of the key protects it.</summary>
internal sealed class UsageBucket(UsageBucketKey key) : IKeyed<UsageBucketKey>
{
    private readonly UsageBucketKey _key = key;
    private long _firstUsedAt;

    public long Count { get; private set; }

    public bool HasKey(in UsageBucketKey key) => _key.Equals(key);

    /// <summary>Gets the time of the last use since the bucket was created, in UTC ticks, or 0 if all were rejected.</summary>
    public long LastUsedAt { get; private set; }

    public void Add(long now, bool isAccepted)
    {
        if (Count++ == 0)
        {
            _firstUsedAt = now;
        }

        if (isAccepted)
        {
            LastUsedAt = Math.Max(LastUsedAt, now);
        }
    }

    /// <summary>Takes the counted usage. The bucket is kept, because the key is likely to be used again.</summary>
    public UsageSnapshot TakeSnapshot(string keyId)
    {
        var use = new ApiKeyUsageRecord
        {
            KeyId = keyId,
            Hash = _key.Hash,
            Count = Count,
            LastUsedAt = LastUsedAt == 0 ? null : new DateTimeOffset(LastUsedAt, TimeSpan.Zero),
            Hour = new DateTimeOffset(_key.Hour * TimeSpan.TicksPerHour, TimeSpan.Zero),
            Outcome = _key.Outcome,
            Country = _key.Country.ToString(),
        };
        Count = 0;
        return new UsageSnapshot(use, _key.Network, _firstUsedAt);
    }
}
