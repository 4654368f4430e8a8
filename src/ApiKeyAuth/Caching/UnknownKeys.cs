using Microsoft.Extensions.Caching.Memory;

namespace ApiKeyAuth.Caching;

/// <summary>Caches unknown keys, separately from known keys so that a flood of unknown keys cannot evict known ones.</summary>
internal sealed class UnknownKeys(int capacity, TimeSpan lifetime, TimeProvider clock) : IDisposable
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = capacity });
    private readonly MemoryCacheEntryOptions _entryOptions = new()
    {
        Size = 1,
        AbsoluteExpirationRelativeToNow = ClampToPositive(lifetime),
    };

    public int Count => _cache.Count;

    // Reused for lookups on the thread: boxing a tag for each lookup allocated 48 bytes.
    [ThreadStatic]
    private static TagKey? _lookupKey;

    // MemoryCache uses the system clock, so the timestamp in the entry decides. Checking Count first would take all locks of the cache.
    public bool Contains(in SecretTag tag)
    {
        var key = _lookupKey ??= new TagKey();
        key.Tag = tag;
        return _cache.TryGetValue(key, out var addedAt) && clock.GetElapsedTime((long)addedAt!) < lifetime;
    }

    public void Put(in SecretTag tag) => _cache.Set(new TagKey { Tag = tag }, (object)clock.GetTimestamp(), _entryOptions);

    public void Clear() => _cache.Clear();

    public void Dispose() => _cache.Dispose();

    private static TimeSpan ClampToPositive(TimeSpan lifetime) => lifetime > TimeSpan.Zero ? lifetime : TimeSpan.FromTicks(1);

    private sealed class TagKey
    {
        public SecretTag Tag { get; set; }

        public override bool Equals(object? obj) => obj is TagKey other && Tag.Equals(other.Tag);

        public override int GetHashCode() => Tag.GetHashCode();
    }
}
