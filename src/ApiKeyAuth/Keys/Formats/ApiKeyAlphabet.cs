using System.Buffers;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Represents the digits of an encoding and converts numbers to them.</summary>
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

    /// <summary>Gets the number of digits of a checksum, which is a 32-bit number.</summary>
    public int ChecksumLength { get; }

    public SearchValues<char> Characters { get; }

    public static ApiKeyAlphabet Get(ApiKeyEncoding encoding) => encoding == ApiKeyEncoding.Hex ? Hex : Base62;

    /// <summary>Returns the smallest number of digits that represent a number of bytes.</summary>
    public int GetLength(int bytes) => (int)Math.Ceiling(bytes * 8 / Math.Log2(Digits.Length));

    public void Write(uint number, Span<char> destination)
    {
        for (var index = destination.Length - 1; index >= 0; index--)
        {
            (number, var digit) = Math.DivRem(number, (uint)Digits.Length);
            destination[index] = Digits[(int)digit];
        }
    }

    /// <summary>Reads a number. Every digit must be part of this alphabet.</summary>
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
