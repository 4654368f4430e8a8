using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Caching;

/// <summary>A verified key with the time until which it may be served; times are the clock's monotonic timestamps.</summary>
internal sealed class CachedApiKey(SecretTag tag, ApiKey key, ApiKeySecret secret, ScopeSet scopes, long freshUntil, long serveUntil)
    : VerifiedApiKey(key, secret, scopes)
{
    private long _freshUntil = freshUntil;

    public SecretTag Tag { get; } = tag;

    /// <summary>Until when it may be served while the store is down.</summary>
    public long ServeUntil { get; } = serveUntil;

    /// <summary>Another record of the same key (it has several secrets while one is retired).</summary>
    public CachedApiKey? Sibling { get; set; }

    /// <summary>The record that was loaded just before.</summary>
    public CachedApiKey? Older { get; set; }

    /// <summary>The record that was loaded just after.</summary>
    public CachedApiKey? Newer { get; set; }

    /// <summary>Gets until when the store need not be asked.</summary>
    public long FreshUntil => Volatile.Read(ref _freshUntil);

    /// <summary>Whether the store need not be asked.</summary>
    public bool IsFresh(long now) => now < Volatile.Read(ref _freshUntil);

    /// <summary>Puts the next question to a store that is down off, so that callers are not held up by every try.</summary>
    public void DeferRefresh(long until) => Volatile.Write(ref _freshUntil, Math.Min(until, ServeUntil));
}
