using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyRedactorTests
{
    private static readonly ApiKeyFormat Format = new();

    [Test]
    public void Redact_HeadThatIsPrefixOfAnother_HidesTheLonger()
    {
        // One format after the other, sk_*** would have hidden the head of the second and left its secret.
        var formats = new ApiKeyFormats(
            new ApiKeyFormat { Prefix = "sk", Environments = [] }, new ApiKeyFormat { Prefix = "sk", Environments = ["production"] });
        var key = formats.All[1].Generate("production");
        Assert.That(formats.Redact($"({key})"), Is.EqualTo("(sk_production_***)"));
    }

    [Test]
    public void Redact_HeadInsideAnother_HidesTheOuter()
    {
        // "b_production" is long enough to be a cut-off key of the second format.
        var formats = new ApiKeyFormats(
            new ApiKeyFormat { Prefix = "k_b", Environments = ["production"] }, new ApiKeyFormat { Prefix = "b", Environments = [] });
        Assert.That(formats.Redact($"({formats.Issuing.Generate("production")})"), Is.EqualTo("(k_b_production_***)"));
    }

    [Test]
    public void Redact_KeysRightAfterEachOther_MasksBoth()
    {
        // The alphabet run of the first key takes in the prefix of the second.
        var text = $"x{Format.Generate("live")}{Format.Generate("test")}";
        Assert.That(Format.Redact(text), Is.EqualTo("xkey_live_***key_test_***"));
    }

    [TestCase("key_live_1234567", "key_live_1234567")]
    [TestCase("key_live_12345678", "key_live_***")]
    [TestCase("KEY_LIVE_12345678 ", "key_live_*** ")]
    [TestCase("key_prod_12345678", "key_prod_12345678")]
    [TestCase("keyring and key_live_", "keyring and key_live_")]
    public void Redact_CutOffKey_IsMaskedFromEightCharactersOn(string text, string expected) =>
        Assert.That(Format.Redact(text), Is.EqualTo(expected));
}
