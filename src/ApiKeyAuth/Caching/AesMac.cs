using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ApiKeyAuth.Caching;

/// <summary>Computes a message authentication code of ASCII text with the AES instructions of the processor.</summary>
/// <remarks>
/// <para>Blocks are chained as in CBC-MAC, starting with the length of the text, through f(x) = AES-128(key, x) xor x. While the key is
/// secret, f is a pseudorandom function, and so is the chain: because the length comes first, no input is a prefix of another, which is
/// what CBC-MAC requires (Bellare, Kilian and Rogaway, "The security of the cipher block chaining message authentication code",
/// 2000).</para>
/// <para>An attacker who learned the key could invert AES alone and recover texts with few unknown characters. The xor makes each step
/// one-way even if the key is known (Matyas, Meyer and Oseas, 1985). The instructions take constant time.</para>
/// </remarks>
internal sealed class AesMac
{
    /// <summary>The length of a block, a key and a tag, in bytes.</summary>
    public const int Length = 16;

    private const int Rounds = 10;

    private readonly Vector128<byte>[] _roundKeys;

    /// <summary>Initializes a new instance. <see cref="IsSupported"/> must be true.</summary>
    /// <param name="key">The key of 16 bytes.</param>
    public AesMac(ReadOnlySpan<byte> key) => _roundKeys = ExpandKey(key);

    /// <summary>Gets whether the processor has AES instructions.</summary>
    public static bool IsSupported => Aes.IsSupported;

    /// <summary>Computes the tag of a text.</summary>
    /// <exception cref="ArgumentException">The text holds a character that is not ASCII.</exception>
    public Vector128<byte> Compute(ReadOnlySpan<char> text)
    {
        var bits = Vector128<ushort>.Zero;
        var state = ProcessBlock(Vector128.CreateScalar(text.Length).AsByte());
        for (; text.Length >= Length; text = text[Length..])
        {
            state = ProcessBlock(state ^ ReadBlock(text, ref bits));
        }

        if (text.Length > 0)
        {
            Span<char> last = stackalloc char[Length];
            last.Clear();
            text.CopyTo(last);
            state = ProcessBlock(state ^ ReadBlock(last, ref bits));
            last.Clear();
        }

        // Only the low byte of other characters was read, so two texts could share a tag.
        return (bits & Vector128.Create((ushort)0xFF80)) == Vector128<ushort>.Zero
            ? state
            : throw new ArgumentException("A secret must be ASCII, but it contains another character.", nameof(text));
    }

    /// <summary>Reads a block with one byte per character, and collects the bits of all characters.</summary>
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

    /// <summary>Computes the round keys of a key (FIPS 197 §5.2).</summary>
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

    /// <summary>
    /// Applies the S-box to each byte of a word. The last round of AES does that, and does not change a block of four equal columns
    /// otherwise.
    /// </summary>
    private static uint SubstituteWord(uint word) => Aes.EncryptLast(Vector128.Create(word).AsByte(), Vector128<byte>.Zero).AsUInt32()[0];
}
