using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>
/// Represents the items of a ticket, which are created on first use: few requests use them, and a dictionary takes 300 bytes.
/// </summary>
internal class LazyDictionary<TValue> : IDictionary<string, TValue>
{
    private Dictionary<string, TValue>? _items;

    public ICollection<string> Keys => Items.Keys;

    public ICollection<TValue> Values => Items.Values;

    public int Count => Items.Count;

    public bool IsReadOnly => false;

    /// <summary>Whether they are made.</summary>
    protected bool IsCreated => _items is not null;

    private Dictionary<string, TValue> Items => _items ??= CreateItems();

    private ICollection<KeyValuePair<string, TValue>> Pairs => Items;

    public TValue this[string key]
    {
        get => Items[key];
        set => Items[key] = value;
    }

    public void Add(string key, TValue value) => Items.Add(key, value);

    public void Add(KeyValuePair<string, TValue> item) => Pairs.Add(item);

    public bool Remove(string key) => Items.Remove(key);

    public bool Remove(KeyValuePair<string, TValue> item) => Pairs.Remove(item);

    public void Clear() => Items.Clear();

    public bool ContainsKey(string key) => Items.ContainsKey(key);

    public bool Contains(KeyValuePair<string, TValue> item) => Pairs.Contains(item);

    public virtual bool TryGetValue(string key, [MaybeNullWhen(false)] out TValue value) => Items.TryGetValue(key, out value);

    public void CopyTo(KeyValuePair<string, TValue>[] array, int arrayIndex) => Pairs.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, TValue>> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Makes what is there before anybody writes.</summary>
    protected virtual Dictionary<string, TValue> CreateItems() => [];
}
