using System.Text;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Masks keys in text, including truncated, concatenated, uppercase and encoded ones.</summary>
/// <remarks>
/// Each pass is linear in the length of the text. A key that is encoded twice, split over lines or encoded in a way that neither
/// <see cref="UnescapedText"/> nor <see cref="Base64KeyFinder"/> reads stays as it is.
/// </remarks>
internal sealed class ApiKeyRedactor(IEnumerable<AcceptedApiKeyFormat> formats)
{
    private const string Mask = "***";
    private readonly ApiKeyFinder _finder = new(formats);

    public string Redact(string text)
    {
        var found = new List<FoundKey>();
        Find(text, found);
        if (UnescapedText.Unescape(text) is { } unescaped)
        {
            var plain = found.Count;
            Find(unescaped.Characters, found);
            for (var index = plain; index < found.Count; index++)
            {
                found[index] = unescaped.ToSource(found[index]);
            }
        }

        return found.Count == 0 ? text : Write(text, found);
    }

    private void Find(ReadOnlySpan<char> text, List<FoundKey> found)
    {
        _finder.Find(text, found);
        Base64KeyFinder.Find(text, _finder, found);
    }

    private static string Write(string text, List<FoundKey> found)
    {
        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var key in found.OrderBy(key => key.Start).ThenByDescending(key => key.End).Where(key => key.End > copied))
        {
            result.Append(text, copied, Math.Max(0, key.Start - copied)).Append(key.Head).Append(Mask);
            copied = key.End;
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }
}
