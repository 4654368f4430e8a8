using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ApiKeyAuth.Keys;

/// <summary>The CBC-MAC of an ASCII text under AES-128 (FIPS 197), with its length as the first block, by the processor's own instructions.</summary>
/// <remarks>
/// A text's length before it makes no text the beginning of another, which is what CBC-MAC asks for to be a pseudo-random function (Bellare, Kilian
/// and Rogaway, "The security of the cipher block chaining message authentication code"). The instructions take the same time whatever they are
/// given. What it gives is what the platform's AES in CBC mode gives as the last block; a test holds the two beside each other.
/// </remarks>
internal sealed class AesMac
{
    /// <summary>How many bytes a block, a key and a tag have.</summary>
    public const int Length = 16;

    private const int Rounds = 10;

    private readonly Vector128<byte>[] _roundKeys;

    /// <summary>Makes one, where it <see cref="IsSupported"/>.</summary>
    /// <param name="key">16 bytes.</param>
    public AesMac(ReadOnlySpan<byte> key) => _roundKeys = Expand(key);

    /// <summary>Whether this processor has the instructions.</summary>
    public static bool IsSupported => Aes.IsSupported;

    /// <summary>Computes the tag of a text.</summary>
    /// <exception cref="ArgumentException">The text holds a character that is not ASCII.</exception>
    public Vector128<byte> Compute(ReadOnlySpan<char> text)
    {
        var seen = Vector128<ushort>.Zero;
        var state = Encrypt(Vector128.CreateScalar(text.Length).AsByte());
        for (; text.Length >= Length; text = text[Length..])
        {
            state = Encrypt(state ^ Read(text, ref seen));
        }

        if (text.Length > 0)
        {
            Span<char> last = stackalloc char[Length];
            last.Clear();
            text.CopyTo(last);
            state = Encrypt(state ^ Read(last, ref seen));
            last.Clear();
        }

        // Of another character only a half would have been read, and two texts would share a tag.
        return (seen & Vector128.Create((ushort)0xFF80)) == Vector128<ushort>.Zero
            ? state
            : throw new ArgumentException("A secret is ASCII; another character was given.", nameof(text));
    }

    /// <summary>Reads a block of one byte a character, and notes all bits of the characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Read(ReadOnlySpan<char> text, ref Vector128<ushort> seen)
    {
        var units = MemoryMarshal.Cast<char, ushort>(text);
        var first = Vector128.Create(units);
        var second = Vector128.Create(units[Vector128<ushort>.Count..]);
        seen |= first | second;
        return Vector128.Narrow(first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> Encrypt(Vector128<byte> block)
    {
        var keys = _roundKeys;
        block ^= keys[0];
        for (var round = 1; round < Rounds; round++)
        {
            block = Aes.Encrypt(block, keys[round]);
        }

        return Aes.EncryptLast(block, keys[Rounds]);
    }

    /// <summary>Makes the round keys of a key (FIPS 197 §5.2).</summary>
    private static Vector128<byte>[] Expand(ReadOnlySpan<byte> key)
    {
        var words = new uint[(Rounds + 1) * 4];
        MemoryMarshal.Cast<byte, uint>(key).CopyTo(words);
        uint constant = 1;
        for (var i = 4; i < words.Length; i++)
        {
            var word = words[i - 1];
            if (i % 4 == 0)
            {
                word = uint.RotateRight(Substitute(word), 8) ^ constant;
                constant = constant < 0x80 ? constant << 1 : 0x1B;
            }

            words[i] = words[i - 4] ^ word;
        }

        return MemoryMarshal.Cast<uint, Vector128<byte>>(words).ToArray();
    }

    /// <summary>Puts each byte of a word through the S-box: a last round does so, and leaves a block of four equal columns where it is.</summary>
    private static uint Substitute(uint word) => Aes.EncryptLast(Vector128.Create(word).AsByte(), Vector128<byte>.Zero).AsUInt32()[0];
}
