using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;

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
    public void MaxKeyLength_SeveralFormats_IsTheLongest() =>
        Assert.That(Formats.MaxKeyLength, Is.EqualTo(StripeHex.MaxKeyLength));

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

    // Whichever format wins, the text goes to the hash; only the app's own format knows the environment.
    [Test]
    public void TryParse_TextOfTwoFormats_HasTheEnvironmentOfTheAppsOwn()
    {
        var same = new ExternalApiKeyFormat { Prefix = "key_live_", Alphabet = ApiKeyAlphabet.Base62, Length = 49 };
        var wide = new ExternalApiKeyFormat { Prefix = "k", Alphabet = ApiKeyAlphabet.Base64Url, MinLength = 20, MaxLength = 100 };
        var old = new ApiKeyFormat { Prefix = "old", Environments = ["prod"], Checksum = false };
        var key = Issuing.Generate("live");
        var oldKey = old.Generate("prod");
        AcceptedApiKeyFormat[][] orders = [[same, wide, old], [old, wide, same], [wide, old, same]];
        foreach (var accepted in orders)
        {
            var formats = new ApiKeyFormats(Issuing, accepted);
            Assert.That(formats.TryParse(key, out var parsed));
            Assert.That((parsed.Format, parsed.Environment), Is.EqualTo(((AcceptedApiKeyFormat)Issuing, "live")));
            Assert.That(formats.TryParse(oldKey, out parsed));
            Assert.That(parsed.Environment, Is.EqualTo("prod"));
            var isLast = key[^1] == 'a';
            Assert.That(formats.TryParse(key[..^1] + (isLast ? 'b' : 'a'), out parsed), "the other format has no checksum");
            Assert.That(parsed.Environment, Is.Null);
        }
    }

    [Test]
    public void Ctor_SameExternalFormatTwice_ThrowsWithTheShape()
    {
        ExternalApiKeyFormat[] same =
        [
            new() { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Hex, Length = 32 },
            new() { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Hex, MinLength = 32, MaxLength = 32 },
        ];
        Assert.That(
            () => new ApiKeyFormats(Issuing, same),
            Throws.ArgumentException.With.Message.EqualTo(
                "The formats sk-{32 hex} and sk-{32 hex} have the same shape: keep one of them."));
        Assert.That(
            () => new ApiKeyFormats(Issuing, same[0], new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base62, Length = 32 }),
            Throws.Nothing);
    }

    [TestCase("nothing", "its prefix or environment does not match any of {0}")]
    [TestCase("key_prod_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg000000", "its prefix or environment does not match any of {0}")]
    [TestCase(
        "Bearer key_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg48mCfz",
        "its prefix or environment does not match any of {0}")]
    [TestCase("key_live_123", "its length does not match key_{{live|test}}_{{43 base62}}{{6 checksum}}")]
    [TestCase(
        "key_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg48mCf!",
        "it contains a character that does not match key_{{live|test}}_{{43 base62}}{{6 checksum}}")]
    [TestCase(
        "key_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg000000",
        "its checksum does not match key_{{live|test}}_{{43 base62}}{{6 checksum}}")]
    [TestCase("sk-12345678901234567890123456789012", "its length does not match sk-{{31 base62}}")]
    [TestCase("sk-123456789012345678901234567890_", "it contains a character that does not match sk-{{31 base62}}")]
    [TestCase("0123456789abcde", "its length does not match {{17 hex}}")]
    public void DescribeFault_MalformedText_NamesTheFirstFaultOfTheClosestFormat(string text, string expected)
    {
        var formats = new ApiKeyFormats(
            Issuing,
            new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base62, Length = 31 },
            new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Hex, Length = 17 });
        Assert.That(formats.TryParse(text, out _), Is.False);
        Assert.That(formats.DescribeFault(text), Is.EqualTo(string.Format(null, expected, formats)));
    }

    [TestCase(null, "", null)]
    [TestCase("", "", null)]
    [TestCase("sk-", "", null)]
    [TestCase("s", "", null)]
    [TestCase("sk-abc", "9Xyz", null)]
    [TestCase("key_live_", "9Xyz", null)]
    [TestCase("key_", "9Xyz", null)]
    [TestCase(null, "ab==", "does not match")]
    [TestCase("sk-", "a-bc", "does not match")]
    [TestCase("sk-!", "", "does not match")]
    [TestCase("sk_", "", "does not match")]
    [TestCase("pk-", "", "does not match")]
    [TestCase("sk-1234567890123456789012345678901234", "", "does not match")]
    [TestCase("sk-1234567890123456789012345678901", "", "is a whole key")]
    public void FindStoredKeyProblem_StartAndEnd_AreThoseOfAnAcceptedFormat(string? start, string end, string? problem)
    {
        var formats = new ApiKeyFormats(
            Issuing, new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base62, Length = 31 });
        Assert.That(formats.FindStoredKeyProblem(start, end), problem is null ? Is.Null : Does.StartWith(problem));
    }

    [Test]
    public void Redact_ExternalKeys_MasksThoseWithAPrefix()
    {
        var formats = new ApiKeyFormats(
            Issuing,
            new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base64Url, MinLength = 32, MaxLength = 48 },
            new ExternalApiKeyFormat { Prefix = "z", Alphabet = ApiKeyAlphabet.Base64, Length = 44 },
            new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Guid });
        Assert.That(formats.Redact($"a sk-{new string('x', 40)}, b"), Is.EqualTo("a sk-***, b"));
        Assert.That(formats.Redact($"SK-{new string('X', 16)}!"), Is.EqualTo("sk-***!"));
        Assert.That(formats.Redact($"z{new string('+', 43)}= "), Is.EqualTo("z*** "));
        foreach (var text in new[] { "task-management", "risk-averse", $"z{new string('x', 43)}", $"{Guid.Empty:D}" })
        {
            Assert.That(formats.Redact(text), Is.SameAs(text));
        }
    }

    [Test]
    public void Redact_PrefixMadeOfKeyCharacters_IsLinear()
    {
        var formats = new ApiKeyFormats(Issuing, new ExternalApiKeyFormat { Prefix = "a", Alphabet = ApiKeyAlphabet.Base62, Length = 20 });
        Assert.That(formats.Redact(new string('a', 2_000_000)), Does.Not.Contain(new string('a', 21)));
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
