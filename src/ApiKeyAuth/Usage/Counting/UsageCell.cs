using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>Uses of one kind since the last flush. Its key's gate guards it.</summary>
internal sealed class UsageCell(UsageKind kind) : ICountedOf<UsageKind>
{
    private readonly UsageKind _kind = kind;
    private long _first;
    private long _last;

    public long Count { get; private set; }

    public bool IsOf(in UsageKind kind) => _kind.Equals(kind);

    public void Add(long now)
    {
        if (Count++ == 0)
        {
            _first = now;
        }

        _last = Math.Max(_last, now);
    }

    /// <summary>Takes what was counted; the cell stays, for the key is likely to be used again.</summary>
    public FrozenUse Take(string keyId)
    {
        var use = new ApiKeyUse
        {
            KeyId = keyId,
            Hash = _kind.Hash,
            Count = Count,
            LastUsedAt = new DateTimeOffset(_last, TimeSpan.Zero),
            Hour = new DateTimeOffset(_kind.Hour * TimeSpan.TicksPerHour, TimeSpan.Zero),
            Outcome = _kind.Outcome,
            Country = _kind.Country.ToString(),
        };
        Count = 0;
        return new FrozenUse(use, _kind.Network, _first);
    }
}
