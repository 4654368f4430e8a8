using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyFormatsTests
{
    private static readonly ApiKeyFormat Issuing = new();
    private static readonly ApiKeyFormat Stripe = new() { Prefix = "sk", Checksum = false };
    private static readonly ApiKeyFormat StripeHex = new() { Prefix = "sk", Encoding = ApiKeyEncoding.Hex, Checksum = false };
    private static readonly ApiKeyFormat Bare = new() { Prefix = "", Environments = [], Encoding = ApiKeyEncoding.Hex, Checksum = false };
    private static readonly ApiKeyFormats Formats = new(Issuing, Stripe, StripeHex, Bare);

    [Test]
    public void TryParse_KeyOfAnyFormat_ReturnsItsFormat()
    {
        foreach (var format in new[] { Issuing, Stripe, StripeHex })
        {
            Assert.That(Formats.TryParse(format.Generate("test"), out var parsed));
            Assert.That(parsed.Format, Is.SameAs(format));
            Assert.That(parsed.Environment, Is.EqualTo("test"));
        }

        Assert.That(Formats.TryParse(new string('0', 64), out var bare));
        Assert.That(bare.Format, Is.SameAs(Bare));
        Assert.That(bare.Environment, Is.Null);
    }

    [Test]
    public void TryParse_OtherText_Fails()
    {
        Assert.That(Formats.TryParse("eyJhbGciOiJIUzI1NiJ9.e30.x", out var parsed), Is.False);
        Assert.That(parsed.Format, Is.Null);
        Assert.That(Formats.LooksLike("eyJhbGciOiJIUzI1NiJ9.e30.x"), Is.False);
        Assert.That(Formats.LooksLike("sk_broken"));
        Assert.That(Formats.LooksLike(new string('0', 64)));
    }

    [Test]
    public void MaxLength_SeveralFormats_IsTheLongest() =>
        Assert.That(Formats.MaxLength, Is.EqualTo(StripeHex.MaxLength));

    [Test]
    public void Ctor_SameShapeTwice_ThrowsWithTheShape()
    {
        var same = new ApiKeyFormat { Environments = ["test", "live"] };
        Assert.That(() => new ApiKeyFormats(Issuing, same), Throws.ArgumentException.With.Message.Contains(Issuing.ToString()));
        Assert.That(() => new ApiKeyFormats(Issuing, new ApiKeyFormat { Checksum = false }), Throws.Nothing);
    }

    [Test]
    public void Ctor_BareIssuingFormat_ThrowsWithTheFix() =>
        Assert.That(() => new ApiKeyFormats(Bare), Throws.ArgumentException.With.Message.Contains("ApiKeyFormat.Prefix"));

    [Test]
    public void Ctor_InvalidFormat_ThrowsWithTheProperty()
    {
        Assert.That(
            () => new ApiKeyFormats(Issuing, new ApiKeyFormat { SecretBytes = 8 }),
            Throws.ArgumentException.With.Message.Contains("SecretBytes is out of range"));
        Assert.That(() => new ApiKeyFormats(Issuing, [null!]), Throws.ArgumentException.With.Message.Contains("null"));
    }

    [Test]
    public void ToString_SeveralFormats_ListsTheirDescriptions() =>
        Assert.That(new ApiKeyFormats(Issuing, Bare).ToString(), Is.EqualTo("key_{live|test}_{43 base62}{6 checksum}, {64 hex}"));

    [Test]
    public void Redact_KeysOfAllFormats_MasksEachKey()
    {
        var text = $"a {Issuing.Generate("live")} b {StripeHex.Generate("test")} c {new string('d', 64)} e";
        Assert.That(Formats.Redact(text), Is.EqualTo("a key_live_*** b sk_test_*** c *** e"));
    }
}
