using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication;

/// <summary>The keys that a request acts with: nearly always one, which then needs no list.</summary>
internal readonly struct KeysOfRequest
{
    private readonly VerifiedApiKey? _only;
    private readonly List<VerifiedApiKey>? _several;

    private KeysOfRequest(VerifiedApiKey? only, List<VerifiedApiKey>? several, long verifiedAt = 0) => (_only, _several, VerifiedAt) = (only, several, verifiedAt);

    public int Count => _only is not null ? 1 : _several?.Count ?? 0;

    /// <summary>When the last of them was let in, in ticks of UTC; 0 where it is not known.</summary>
    public long VerifiedAt { get; }

    public VerifiedApiKey this[int index] => _only is not null && index == 0 ? _only : _several![index];

    public static KeysOfRequest Of(List<VerifiedApiKey> keys) => new(null, keys);

    /// <summary>The same keys and another, where it is not among them by whichever of its secrets.</summary>
    public KeysOfRequest With(VerifiedApiKey key, long verifiedAt) =>
        Count == 0 ? new(key, null, verifiedAt)
        : Hold(key) ? this
        : new(null, _only is not null ? [_only, key] : [.. _several!, key], verifiedAt);

    /// <summary>Tells whether a key is among them, by whichever of its secrets.</summary>
    public bool Hold(VerifiedApiKey key)
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

    public IEnumerable<VerifiedApiKey> All() => _several ?? (_only is not null ? [_only] : []);
}
