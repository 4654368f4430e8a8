using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>
/// Represents the items of a ticket, which are created on first use. The only item is the expiration of the key or the secret.
/// </summary>
/// <remarks>Few requests use the items. A dictionary and the text of the time would add 320 bytes to every request.</remarks>
internal sealed class TicketItems(VerifiedApiKey verified) : IDictionary<string, string?>
{
    // AuthenticationProperties uses the same name and format.
    private const string Expires = ".expires";
    private const string Format = "r";

    private Dictionary<string, string?>? _items;

    public ICollection<string> Keys => Items.Keys;

    public ICollection<string?> Values => Items.Values;

    public int Count => Items.Count;

    public bool IsReadOnly => false;

    private Dictionary<string, string?> Items =>
        _items ??= GetExpiresText() is { } text ? new(StringComparer.Ordinal) { [Expires] = text } : new(StringComparer.Ordinal);

    private ICollection<KeyValuePair<string, string?>> Pairs => Items;

    public string? this[string key]
    {
        get => Items[key];
        set => Items[key] = value;
    }

    // If an endpoint names its schemes, the framework reads the expiration on each request. Its text is cached with the key.
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string? value)
    {
        if (_items is not null || key != Expires)
        {
            return Items.TryGetValue(key, out value);
        }

        value = GetExpiresText();
        return value is not null;
    }

    public void Add(string key, string? value) => Items.Add(key, value);

    public void Add(KeyValuePair<string, string?> item) => Pairs.Add(item);

    public bool Remove(string key) => Items.Remove(key);

    public bool Remove(KeyValuePair<string, string?> item) => Pairs.Remove(item);

    public void Clear() => Items.Clear();

    public bool ContainsKey(string key) => Items.ContainsKey(key);

    public bool Contains(KeyValuePair<string, string?> item) => Pairs.Contains(item);

    public void CopyTo(KeyValuePair<string, string?>[] array, int arrayIndex) => Pairs.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string? GetExpiresText() => verified.ExpiresText ??= verified.ExpiresAt?.ToString(Format, CultureInfo.InvariantCulture);
}
