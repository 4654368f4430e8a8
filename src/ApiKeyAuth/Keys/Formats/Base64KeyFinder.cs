using System.Buffers;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Finds keys in Base64 and base64url, such as the credentials of <c>Authorization: Basic</c>.</summary>
/// <remarks>
/// The text next to the Base64 may consist of the same characters, so the start of the first group of four is unknown. Each run of the
/// alphabet is therefore decoded from each of its first four characters. Only ASCII and UTF-8 are supported, not UTF-16.
/// </remarks>
internal static class Base64KeyFinder
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    private const int MaxPadding = 2;
    private static readonly SearchValues<char> Alphabet = SearchValues.Create(Digits);
    private static readonly byte[] DigitValues = CreateDigitValues();

    /// <summary>Adds every key that is encoded in a text. The finder decides whether a truncated key counts.</summary>
    public static void Find(ReadOnlySpan<char> text, ApiKeyFinder finder, List<FoundKey> found)
    {
        var minLength = ((finder.MinLength * 8) + 5) / 6;
        for (var at = 0; text[at..].IndexOfAny(Alphabet) is >= 0 and var offset;)
        {
            at += offset;
            var length = text[at..].IndexOfAnyExcept(Alphabet) is >= 0 and var end ? end : text.Length - at;
            if (length >= minLength)
            {
                FindInRun(text, at, length, finder, found);
            }

            at += length;
        }
    }

    private static void FindInRun(ReadOnlySpan<char> text, int start, int length, ApiKeyFinder finder, List<FoundKey> found)
    {
        var decoded = new char[length * 6 / 8];
        for (var skipped = 0; skipped < 4; skipped++)
        {
            var count = Decode(text.Slice(start + skipped, length - skipped), decoded);
            var before = found.Count;
            finder.Find(decoded.AsSpan(0, count), found);
            for (var index = before; index < found.Count; index++)
            {
                var key = found[index];
                var end = key.End == count ? SkipPadding(text, start + length) : start + skipped + (((key.End * 8) + 5) / 6);
                found[index] = new FoundKey(start + skipped + (key.Start * 8 / 6), end, key.Head);
            }
        }
    }

    /// <summary>Decodes the complete bytes, each to one character.</summary>
    private static int Decode(ReadOnlySpan<char> run, Span<char> decoded)
    {
        var (bits, bitCount, count) = (0, 0, 0);
        foreach (var digit in run)
        {
            bits = ((bits << 6) | DigitValues[digit]) & 0xFFF;
            bitCount += 6;
            if (bitCount >= 8)
            {
                bitCount -= 8;
                decoded[count++] = (char)((bits >> bitCount) & 0xFF);
            }
        }

        return count;
    }

    private static int SkipPadding(ReadOnlySpan<char> text, int end)
    {
        for (var padding = 0; padding < MaxPadding && end < text.Length && text[end] == '='; padding++)
        {
            end++;
        }

        return end;
    }

    private static byte[] CreateDigitValues()
    {
        var values = new byte[128];
        for (var index = 0; index < Digits.Length; index++)
        {
            // The last two digits, '-' and '_', are base64url's form of '+' and '/'.
            values[Digits[index]] = (byte)(index < 64 ? index : index - 2);
        }

        return values;
    }
}
