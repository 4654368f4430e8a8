using System.Buffers;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>The digits of an encoding: what they are, and how they write a checksum.</summary>
internal sealed class ApiKeyAlphabet
{
    private readonly byte[] _values = new byte[128];

    private ApiKeyAlphabet(string name, string digits, string characterClass, int checksumLength)
    {
        Name = name;
        Digits = digits;
        CharacterClass = characterClass;
        ChecksumLength = checksumLength;
        Characters = SearchValues.Create(digits);
        for (var value = 0; value < digits.Length; value++)
        {
            _values[digits[value]] = (byte)value;
        }
    }

    public static ApiKeyAlphabet Base62 { get; } =
        new("base62", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "[0-9A-Za-z]", 6);

    public static ApiKeyAlphabet Hex { get; } = new("hex", "0123456789abcdef", "[0-9a-f]", 8);

    public string Name { get; }

    public string Digits { get; }

    public string CharacterClass { get; }

    /// <summary>How many digits hold any 32-bit number.</summary>
    public int ChecksumLength { get; }

    public SearchValues<char> Characters { get; }

    public static ApiKeyAlphabet Get(ApiKeyEncoding encoding) => encoding == ApiKeyEncoding.Hex ? Hex : Base62;

    /// <summary>The fewest digits that hold as many bits.</summary>
    public int GetLength(int bytes) => (int)Math.Ceiling(bytes * 8 / Math.Log2(Digits.Length));

    public void Write(uint number, Span<char> destination)
    {
        for (var index = destination.Length - 1; index >= 0; index--)
        {
            (number, var digit) = Math.DivRem(number, (uint)Digits.Length);
            destination[index] = Digits[(int)digit];
        }
    }

    /// <summary>Reads digits already known to be of this alphabet.</summary>
    public ulong Read(ReadOnlySpan<char> digits)
    {
        var radix = (ulong)Digits.Length;
        ulong number = 0;
        foreach (var digit in digits)
        {
            number = (number * radix) + _values[digit & 127];
        }

        return number;
    }
}
