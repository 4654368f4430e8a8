using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Caching;

/// <summary>Represents a verified key in the cache. Times are monotonic timestamps of the clock.</summary>
internal sealed class CachedApiKey(SecretTag tag, ApiKey key, ApiKeySecret secret, ScopeSet scopes, long freshUntil, long serveUntil)
    : VerifiedApiKey(key, secret, scopes)
{
    private long _freshUntil = freshUntil;

    public SecretTag Tag { get; } = tag;

    /// <summary>Gets the time until which the key may be served while the store is unavailable.</summary>
    public long ServeUntil { get; } = serveUntil;

    /// <summary>Gets or sets the next entry of the same key, which has several secrets while one is retiring.</summary>
    public CachedApiKey? Sibling { get; set; }

    /// <summary>Gets or sets the entry that was loaded before this one.</summary>
    public CachedApiKey? Older { get; set; }

    /// <summary>Gets or sets the entry that was loaded after this one.</summary>
    public CachedApiKey? Newer { get; set; }

    /// <summary>Gets the time until which the key is served without loading it again.</summary>
    public long FreshUntil => Volatile.Read(ref _freshUntil);

    /// <summary>Determines whether the key may be served without loading it again.</summary>
    public bool IsFresh(long now) => now < Volatile.Read(ref _freshUntil);

    /// <summary>Defers the next load while the store is unavailable, so that not every request waits for an attempt.</summary>
    public void DeferRefresh(long until) => Volatile.Write(ref _freshUntil, Math.Min(until, ServeUntil));
}
