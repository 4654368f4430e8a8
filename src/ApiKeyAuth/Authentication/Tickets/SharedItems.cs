using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Authentication;

/// <summary>The items of a ticket: those that all requests with a key share, until this request writes to them and gets its own.</summary>
/// <remarks>Nearly no request does; making them anew each time took 300 bytes.</remarks>
internal sealed class SharedItems<TValue>(Dictionary<string, TValue> shared) : IDictionary<string, TValue>
{
    private Dictionary<string, TValue>? _own;

    public ICollection<string> Keys => [.. Items.Keys];

    public ICollection<TValue> Values => [.. Items.Values];

    public int Count => Items.Count;

    public bool IsReadOnly => false;

    private Dictionary<string, TValue> Items => _own ?? shared;

    private IDictionary<string, TValue> Own => _own ??= new Dictionary<string, TValue>(shared);

    public TValue this[string key]
    {
        get => Items[key];
        set => Own[key] = value;
    }

    public void Add(string key, TValue value) => Own.Add(key, value);

    public void Add(KeyValuePair<string, TValue> item) => Own.Add(item);

    public bool Remove(string key) => Own.Remove(key);

    public bool Remove(KeyValuePair<string, TValue> item) => Own.Remove(item);

    public void Clear() => Own.Clear();

    public bool ContainsKey(string key) => Items.ContainsKey(key);

    public bool Contains(KeyValuePair<string, TValue> item) => Items.Contains(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TValue value) => Items.TryGetValue(key, out value);

    public void CopyTo(KeyValuePair<string, TValue>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, TValue>>)Items).CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, TValue>> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
