using Microsoft.Extensions.Caching.Memory;

namespace ApiKeyAuth.Caching;

/// <summary>The keys remembered as unknown, apart from the known ones so that a flood of them evicts only one another.</summary>
internal sealed class UnknownKeys(int capacity, TimeSpan lifetime, TimeProvider clock) : IDisposable
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = capacity });
    private readonly MemoryCacheEntryOptions _entryOptions = new() { Size = 1, AbsoluteExpirationRelativeToNow = ClampToPositive(lifetime) };

    public int Count => _cache.Count;

    // One for the thread to ask with: boxing a tag for each look-up took 48 bytes.
    [ThreadStatic]
    private static TagKey? _lookupKey;

    // Not asked for its count first, which takes all its locks. Its clock is the machine's; whether an entry still counts is decided by ours.
    public bool Contains(in SecretTag tag)
    {
        var asked = _lookupKey ??= new TagKey();
        asked.Tag = tag;
        return _cache.TryGetValue(asked, out var since) && clock.GetElapsedTime((long)since!) < lifetime;
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
