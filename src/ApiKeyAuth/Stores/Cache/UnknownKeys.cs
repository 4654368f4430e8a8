using ApiKeyAuth.Keys;
using Microsoft.Extensions.Caching.Memory;

namespace ApiKeyAuth.Stores;

/// <summary>The keys remembered as unknown, apart from the known ones so that a flood of them evicts only one another.</summary>
internal sealed class UnknownKeys(int capacity, TimeSpan lifetime, TimeProvider clock) : IDisposable
{
    private readonly MemoryCache _until = new(new MemoryCacheOptions { SizeLimit = capacity });
    private readonly MemoryCacheEntryOptions _entry = new() { Size = 1, AbsoluteExpirationRelativeToNow = Positive(lifetime) };

    public int Count => _until.Count;

    // One for the thread to ask with: boxing a tag for each look-up took 48 bytes.
    [ThreadStatic]
    private static Asked? _asked;

    // Not asked for its count first, which takes all its locks. Its clock is the machine's; whether an entry still counts is decided by ours.
    public bool Contains(in SecretTag tag)
    {
        var asked = _asked ??= new Asked();
        asked.Tag = tag;
        return _until.TryGetValue(asked, out var since) && clock.GetElapsedTime((long)since!) < lifetime;
    }

    public void Put(in SecretTag tag) => _until.Set(new Asked { Tag = tag }, (object)clock.GetTimestamp(), _entry);

    public void Clear() => _until.Clear();

    public void Dispose() => _until.Dispose();

    private static TimeSpan Positive(TimeSpan lifetime) => lifetime > TimeSpan.Zero ? lifetime : TimeSpan.FromTicks(1);

    private sealed class Asked
    {
        public SecretTag Tag { get; set; }

        public override bool Equals(object? obj) => obj is Asked other && Tag.Equals(other.Tag);

        public override int GetHashCode() => Tag.GetHashCode();
    }
}
