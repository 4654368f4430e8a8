using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ApiKeyAuth.Caching;

/// <summary>A MAC of an ASCII text by the processor's AES instructions: blocks are chained as in CBC-MAC, the text's length first, through f(x) = AES-128(key, x) xor x.</summary>
/// <remarks>
/// <para>While the key is secret, f is a pseudo-random function, and with it the chain is one: a text's length before it makes no text the
/// beginning of another, which is what CBC-MAC asks for (Bellare, Kilian and Rogaway, "The security of the cipher block chaining message
/// authentication code", 2000).</para>
/// <para>AES alone could be run backwards by who learns the key, and would give away texts with little that is unknown; the xor makes each step
/// one-way also for him (Matyas, Meyer and Oseas, 1985). The instructions take the same time whatever they are given.</para>
/// </remarks>
internal sealed class AesMac
{
    /// <summary>How many bytes a block, a key and a tag have.</summary>
    public const int Length = 16;

    private const int Rounds = 10;

    private readonly Vector128<byte>[] _roundKeys;

    /// <summary>Makes one, where it <see cref="IsSupported"/>.</summary>
    /// <param name="key">16 bytes.</param>
    public AesMac(ReadOnlySpan<byte> key) => _roundKeys = ExpandKey(key);

    /// <summary>Whether this processor has the instructions.</summary>
    public static bool IsSupported => Aes.IsSupported;

    /// <summary>Computes the tag of a text.</summary>
    /// <exception cref="ArgumentException">The text holds a character that is not ASCII.</exception>
    public Vector128<byte> Compute(ReadOnlySpan<char> text)
    {
        var seen = Vector128<ushort>.Zero;
        var state = ProcessBlock(Vector128.CreateScalar(text.Length).AsByte());
        for (; text.Length >= Length; text = text[Length..])
        {
            state = ProcessBlock(state ^ ReadBlock(text, ref seen));
        }

        if (text.Length > 0)
        {
            Span<char> last = stackalloc char[Length];
            last.Clear();
            text.CopyTo(last);
            state = ProcessBlock(state ^ ReadBlock(last, ref seen));
            last.Clear();
        }

        // Of another character only a half would have been read, and two texts would share a tag.
        return (seen & Vector128.Create((ushort)0xFF80)) == Vector128<ushort>.Zero
            ? state
            : throw new ArgumentException("A secret is ASCII; another character was given.", nameof(text));
    }

    /// <summary>Reads a block of one byte a character, and notes all bits of the characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ReadBlock(ReadOnlySpan<char> text, ref Vector128<ushort> bits)
    {
        var units = MemoryMarshal.Cast<char, ushort>(text);
        var first = Vector128.Create(units);
        var second = Vector128.Create(units[Vector128<ushort>.Count..]);
        bits |= first | second;
        return Vector128.Narrow(first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> ProcessBlock(Vector128<byte> input)
    {
        var keys = _roundKeys;
        var block = input ^ keys[0];
        for (var round = 1; round < Rounds; round++)
        {
            block = Aes.Encrypt(block, keys[round]);
        }

        return Aes.EncryptLast(block, keys[Rounds]) ^ input;
    }

    /// <summary>Makes the round keys of a key (FIPS 197 §5.2).</summary>
    private static Vector128<byte>[] ExpandKey(ReadOnlySpan<byte> key)
    {
        var words = new uint[(Rounds + 1) * 4];
        MemoryMarshal.Cast<byte, uint>(key).CopyTo(words);
        uint constant = 1;
        for (var i = 4; i < words.Length; i++)
        {
            var word = words[i - 1];
            if (i % 4 == 0)
            {
                word = uint.RotateRight(SubstituteWord(word), 8) ^ constant;
                constant = constant < 0x80 ? constant << 1 : 0x1B;
            }

            words[i] = words[i - 4] ^ word;
        }

        return MemoryMarshal.Cast<uint, Vector128<byte>>(words).ToArray();
    }

    /// <summary>Puts each byte of a word through the S-box: a last round does so, and leaves a block of four equal columns where it is.</summary>
    private static uint SubstituteWord(uint word) => Aes.EncryptLast(Vector128.Create(word).AsByte(), Vector128<byte>.Zero).AsUInt32()[0];
}
