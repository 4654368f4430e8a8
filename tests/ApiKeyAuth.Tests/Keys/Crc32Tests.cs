using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Tests.Keys;

public sealed class Crc32Tests
{
    [TestCase("", 0u)]
    [TestCase("a", 0xE8B7BE43u)]
    [TestCase("123456789", 0xCBF43926u)]
    [TestCase("abcdefghijklmnopqrstuvwxyz", 0x4C2750BDu)]
    [TestCase("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Append_KnownVector_ReturnsItsChecksum(string text, uint expected) =>
        Assert.That(Crc32.Append(0, text), Is.EqualTo(expected));

    [Test]
    public void Append_TwoParts_EqualsTheWhole([Range(0, 43)] int cut)
    {
        const string Text = "The quick brown fox jumps over the lazy dog";
        Assert.That(Crc32.Append(Crc32.Append(0, Text.AsSpan(0, cut)), Text.AsSpan(cut)), Is.EqualTo(0x414FA339u));
    }
}
