using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class AesMacTests
{
    [SetUp]
    public void RequireInstructions()
    {
        if (!AesMac.IsSupported)
        {
            Assert.Ignore("This processor has no AES instructions of x86, so the library does not use them.");
        }
    }

    [Test]
    public void Compute_TextOfAnyLength_MatchesThePlatformsAes([Range(0, 66)] int length)
    {
        for (var i = 0; i < 50; i++)
        {
            var text = RandomText(length);
            Assert.That(Compute(Key(i), text), Is.EqualTo(ComputeByPlatform(Key(i), text)), Convert.ToHexString(Key(i)));
        }
    }

    [Test]
    public void Compute_LongestSecret_MatchesThePlatformsAes()
    {
        var text = RandomText(ApiKeyHasher.MaxSecretLength);
        Assert.That(Compute(Key(1), text), Is.EqualTo(ComputeByPlatform(Key(1), text)));
    }

    [Test]
    public void Compute_NonAscii_ThrowsWithoutTheText(
        [Range(0, 33)] int position, [Values('\u0080', '\u00E9', '\u0141', '\u2041', '\uD800')] char character)
    {
        var text = new string('A', 34).ToCharArray();
        text[position] = character;
        Assert.That(() => new AesMac(Key(1)).Compute(text), Throws.ArgumentException.With.Message.Not.Contains("AA"));
    }

    [Test]
    public void Compute_Warm_AllocatesNothing()
    {
        var (mac, text) = (new AesMac(Key(1)), RandomText(55));
        var sum = 0;
        Assert.That(Allocations.Of(() => sum += mac.Compute(text)[0]), Is.Zero);
    }

    private static byte[] Compute(byte[] key, string text)
    {
        var tag = new byte[AesMac.Length];
        new AesMac(key).Compute(text).CopyTo(tag);
        return tag;
    }

    private static byte[] ComputeByPlatform(byte[] key, string text)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var length = new byte[AesMac.Length];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        var state = new byte[AesMac.Length];
        foreach (var block in Encoding.ASCII.GetBytes(text).Chunk(AesMac.Length).Prepend(length))
        {
            for (var i = 0; i < block.Length; i++)
            {
                state[i] ^= block[i];
            }

            state = [.. aes.EncryptEcb(state, PaddingMode.None).Zip(state, static (encrypted, plain) => (byte)(encrypted ^ plain))];
        }

        return state;
    }

    /// <summary>Returns one of several keys, which are the same in every run.</summary>
    private static byte[] Key(int number) => SHA256.HashData(BitConverter.GetBytes(number))[..AesMac.Length];

    private static string RandomText(int length) => string.Create(length, length, static (text, _) =>
    {
        foreach (ref var character in text)
        {
            character = (char)RandomNumberGenerator.GetInt32(0x80);
        }
    });
}
