using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>Represents the keys that a request acts with. There is usually one key, which needs no list.</summary>
internal readonly struct RequestKeys
{
    private readonly VerifiedApiKey? _single;
    private readonly List<VerifiedApiKey>? _multiple;

    private RequestKeys(VerifiedApiKey? single, List<VerifiedApiKey>? multiple, long verifiedAt = 0) =>
        (_single, _multiple, VerifiedAt) = (single, multiple, verifiedAt);

    public int Count => _single is not null ? 1 : _multiple?.Count ?? 0;

    /// <summary>Gets the time at which the last of the keys was verified, in UTC ticks, or 0 if it is unknown.</summary>
    public long VerifiedAt { get; }

    public VerifiedApiKey this[int index] => _single is not null && index == 0 ? _single : _multiple![index];

    public static RequestKeys Create(List<VerifiedApiKey> keys) => new(null, keys);

    /// <summary>Returns the keys with another key added, unless it is already included with any of its secrets.</summary>
    public RequestKeys With(VerifiedApiKey key, long verifiedAt) =>
        Count == 0 ? new(key, null, verifiedAt)
        : Contains(key) ? this
        : new(null, _single is not null ? [_single, key] : [.. _multiple!, key], verifiedAt);

    /// <summary>Determines whether a key is included, with any of its secrets.</summary>
    public bool Contains(VerifiedApiKey key)
    {
        for (var i = 0; i < Count; i++)
        {
            if (string.Equals(this[i].Key.Id, key.Key.Id, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public IEnumerable<VerifiedApiKey> AsEnumerable() => _multiple ?? (_single is not null ? [_single] : []);
}
