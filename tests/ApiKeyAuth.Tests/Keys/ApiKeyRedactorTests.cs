using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyRedactorTests
{
    private static readonly ApiKeyFormat Format = new();

    [Test]
    public void Redact_HeadThatStartsAnother_MasksTheLongerOne()
    {
        // Searching one format after the other would mask sk_ first and leave the secret of the longer head.
        var formats = new ApiKeyFormats(
            new ApiKeyFormat { Prefix = "sk", Environments = [] }, new ApiKeyFormat { Prefix = "sk", Environments = ["production"] });
        var key = ((ApiKeyFormat)formats.All[1]).Generate("production");
        Assert.That(formats.Redact($"({key})"), Is.EqualTo("(sk_production_***)"));
    }

    [Test]
    public void Redact_HeadInsideAnother_MasksTheOuterOne()
    {
        // "b_production" is long enough to be a truncated key of the second format.
        var formats = new ApiKeyFormats(
            new ApiKeyFormat { Prefix = "k_b", Environments = ["production"] }, new ApiKeyFormat { Prefix = "b", Environments = [] });
        Assert.That(formats.Redact($"({formats.Issuing.Generate("production")})"), Is.EqualTo("(k_b_production_***)"));
    }

    [Test]
    public void Redact_AdjacentKeys_MasksBoth()
    {
        // The characters of the first key continue into the prefix of the second.
        var text = $"x{Format.Generate("live")}{Format.Generate("test")}";
        Assert.That(Format.Redact(text), Is.EqualTo("xkey_live_***key_test_***"));
    }

    [TestCase("key_live_1234567", "key_live_1234567")]
    [TestCase("key_live_12345678", "key_live_***")]
    [TestCase("KEY_LIVE_12345678 ", "key_live_*** ")]
    [TestCase("key_prod_12345678", "key_prod_12345678")]
    [TestCase("keyring and key_live_", "keyring and key_live_")]
    public void Redact_TruncatedKey_MasksEightOrMoreCharacters(string text, string expected) =>
        Assert.That(Format.Redact(text), Is.EqualTo(expected));
}
