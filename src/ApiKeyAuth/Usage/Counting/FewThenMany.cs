using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Usage;

/// <summary>A map that is made for one entry and takes many: most keys have one of each kind, and an empty dictionary with its first entry takes 250 bytes.</summary>
internal struct FewThenMany<TKey, TValue>
    where TKey : notnull
    where TValue : class, ICountedOf<TKey>
{
    private TValue? _value;
    private Dictionary<TKey, TValue>? _more;

    public readonly bool IsEmpty => _value is null && _more is not { Count: > 0 };

    public readonly bool TryGet(in TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_value is not null && _value.IsOf(key))
        {
            value = _value;
            return true;
        }

        value = null;
        return _more is not null && _more.TryGetValue(key, out value);
    }

    /// <summary>Adds what is not there yet.</summary>
    public void Add(TKey key, TValue value)
    {
        if (_value is null)
        {
            _value = value;
        }
        else
        {
            (_more ??= []).Add(key, value);
        }
    }

    /// <summary>Takes out those that are done with.</summary>
    public void RemoveWhere(Func<TValue, bool> isDone)
    {
        if (_value is not null && isDone(_value))
        {
            _value = null;
        }

        foreach (var (key, value) in _more ?? [])
        {
            if (isDone(value))
            {
                _more!.Remove(key);
            }
        }

        if (_more is { Count: 0 })
        {
            _more = null;
        }
    }
}
