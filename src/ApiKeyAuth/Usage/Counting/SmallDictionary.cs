using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>
/// Represents a dictionary that is optimized for one entry: most keys have one entry of each kind, and a framework dictionary with one
/// entry takes 250 bytes.
/// </summary>
internal struct SmallDictionary<TKey, TValue>
    where TKey : notnull
    where TValue : class, IKeyed<TKey>
{
    private TValue? _first;
    private Dictionary<TKey, TValue>? _others;

    public readonly bool IsEmpty => _first is null && _others is not { Count: > 0 };

    public readonly bool TryGet(in TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_first is not null && _first.HasKey(key))
        {
            value = _first;
            return true;
        }

        value = null;
        return _others is not null && _others.TryGetValue(key, out value);
    }

    /// <summary>Adds an entry if its key does not exist.</summary>
    public void Add(TKey key, TValue value)
    {
        if (_first is null)
        {
            _first = value;
        }
        else
        {
            (_others ??= []).Add(key, value);
        }
    }

    /// <summary>Returns the largest value of a function of the entries, at least 0.</summary>
    public readonly long Max(Func<TValue, long> select)
    {
        var max = _first is null ? 0 : Math.Max(0, select(_first));
        foreach (var value in _others?.Values ?? Enumerable.Empty<TValue>())
        {
            max = Math.Max(max, select(value));
        }

        return max;
    }

    /// <summary>Removes entries that match a predicate.</summary>
    public void RemoveWhere(Func<TValue, bool> predicate)
    {
        if (_first is not null && predicate(_first))
        {
            _first = null;
        }

        foreach (var (key, value) in _others ?? [])
        {
            if (predicate(value))
            {
                _others!.Remove(key);
            }
        }

        if (_others is { Count: 0 })
        {
            _others = null;
        }
    }
}
