using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Http;

/// <summary>
/// Represents response headers whose <c>Vary</c> keeps certain names and whose <c>Cache-Control</c> can be withheld until the response
/// starts.
/// </summary>
internal sealed class GuardedHeaders(IHeaderDictionary inner) : IHeaderDictionary
{
    private string? _vary;
    private StringValues _cacheControl;
    private bool _isHidden;

    /// <inheritdoc/>
    public long? ContentLength
    {
        get => inner.ContentLength;
        set => inner.ContentLength = value;
    }

    /// <inheritdoc/>
    public int Count => inner.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => inner.IsReadOnly;

    /// <inheritdoc/>
    public ICollection<string> Keys => inner.Keys;

    /// <inheritdoc/>
    public ICollection<StringValues> Values => inner.Values;

    /// <inheritdoc/>
    public StringValues this[string key]
    {
        get => inner[key];
        set
        {
            if (_isHidden && IsHeader(key, HeaderNames.CacheControl))
            {
                _cacheControl = value;
                return;
            }

            inner[key] = value;
            RestoreVary(key);
        }
    }

    /// <inheritdoc/>
    StringValues IDictionary<string, StringValues>.this[string key]
    {
        get => this[key];
        set => this[key] = value;
    }

    /// <summary>Keeps the names in <c>Vary</c>, even if the app assigns or removes the header.</summary>
    public void KeepVary(string names)
    {
        _vary = names;
        CachingHeaders.AddVary(inner, names);
    }

    /// <summary>Sets <c>Cache-Control</c> to <c>no-store</c>. Values of the app are withheld until <see cref="Release"/>.</summary>
    public void HideFromCache()
    {
        if (!_isHidden)
        {
            _isHidden = true;
            _cacheControl = inner.CacheControl;
            inner.CacheControl = "no-store";
        }
    }

    /// <summary>Assigns the withheld value of <c>Cache-Control</c>.</summary>
    public void Release()
    {
        if (_isHidden)
        {
            _isHidden = false;
            inner.CacheControl = _cacheControl;
        }
    }

    /// <inheritdoc/>
    public void Add(string key, StringValues value)
    {
        var holdsOurs = _isHidden && IsHeader(key, HeaderNames.CacheControl) || _vary is not null && IsHeader(key, HeaderNames.Vary);
        if (!holdsOurs && inner.ContainsKey(key))
        {
            throw new ArgumentException($"The response already has the header {key}.", nameof(key));
        }

        this[key] = value;
    }

    /// <inheritdoc/>
    public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

    /// <inheritdoc/>
    public bool Remove(string key)
    {
        if (_isHidden && IsHeader(key, HeaderNames.CacheControl))
        {
            var had = _cacheControl.Count > 0;
            _cacheControl = default;
            return had;
        }

        var removed = inner.Remove(key);
        RestoreVary(key);
        return removed;
    }

    /// <inheritdoc/>
    public bool Remove(KeyValuePair<string, StringValues> item) => inner.Contains(item) && Remove(item.Key);

    /// <inheritdoc/>
    public void Clear()
    {
        inner.Clear();
        RestoreVary(HeaderNames.Vary);
        if (_isHidden)
        {
            _cacheControl = default;
            inner.CacheControl = "no-store";
        }
    }

    /// <inheritdoc/>
    public bool Contains(KeyValuePair<string, StringValues> item) => inner.Contains(item);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => inner.ContainsKey(key);

    /// <inheritdoc/>
    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => inner.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => inner.GetEnumerator();

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value) => inner.TryGetValue(key, out value);

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsHeader(string key, string name) => string.Equals(key, name, StringComparison.OrdinalIgnoreCase);

    private void RestoreVary(string key)
    {
        if (_vary is { } names && IsHeader(key, HeaderNames.Vary))
        {
            CachingHeaders.AddVary(inner, names);
        }
    }
}
