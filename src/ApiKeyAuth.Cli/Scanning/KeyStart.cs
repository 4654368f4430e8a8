using System.Text;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Represents a text with which keys of a format start, and how they go on.</summary>
internal sealed class KeyStart
{
    private readonly List<(byte[] Head, int Length)> _heads;

    private KeyStart(string text, ApiKeyFormat format, IEnumerable<string> heads)
    {
        // The format knows the length of its longest key, which is that of the longest environment.
        var tail = format.MaxLength - GetHeads(format).Max(head => head.Length);
        Text = Encoding.ASCII.GetBytes(text);
        Format = format;
        _heads = [.. heads.Select(head => (Encoding.ASCII.GetBytes(head), head.Length + tail))];
    }

    public byte[] Text { get; }

    public ApiKeyFormat Format { get; }

    /// <summary>Creates the starts of a format: its prefix, or each environment if it has no prefix.</summary>
    public static IEnumerable<KeyStart> Create(ApiKeyFormat format) =>
        format.Prefix.Length > 0
            ? [new KeyStart(format.Prefix + "_", format, GetHeads(format))]
            : format.Environments.Select(environment => new KeyStart(environment + "_", format, [environment + "_"]));

    /// <summary>Returns the length of the key at the start of a text, or 0 if there is none.</summary>
    public int GetLength(ReadOnlySpan<byte> text)
    {
        foreach (var (head, length) in _heads)
        {
            if (text.StartsWith(head) && text.Length >= length)
            {
                return length;
            }
        }

        return 0;
    }

    private static IEnumerable<string> GetHeads(ApiKeyFormat format)
    {
        var prefix = format.Prefix.Length == 0 ? "" : format.Prefix + "_";
        return format.Environments.Count == 0 ? [prefix] : format.Environments.Select(environment => $"{prefix}{environment}_");
    }
}
