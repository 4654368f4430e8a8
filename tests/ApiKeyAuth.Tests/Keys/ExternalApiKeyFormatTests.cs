using System.Text.RegularExpressions;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ExternalApiKeyFormatTests
{
    private const string Guid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    private static readonly ExternalApiKeyFormat OpenAi = new() { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base62, Length = 48 };
    private static readonly ExternalApiKeyFormat Guids = new() { Alphabet = ApiKeyAlphabet.Guid };
    private static readonly ExternalApiKeyFormat Base64 = new() { Alphabet = ApiKeyAlphabet.Base64, Length = 44 };
    private static readonly ExternalApiKeyFormat Range =
        new() { Prefix = "a", Alphabet = ApiKeyAlphabet.Base64Url, MinLength = 20, MaxLength = 128 };

    // The alphabet, the length and the text after the prefix "p:".
    [TestCase(ApiKeyAlphabet.Base62, 32, "abcdefghijklmnopqrstuvwxyzABCDEF", true)]
    [TestCase(ApiKeyAlphabet.Base62, 32, "abcdefghijklmnopqrstuvwxyzABCDE", false)]
    [TestCase(ApiKeyAlphabet.Base62, 32, "abcdefghijklmnopqrstuvwxyzABCDEFG", false)]
    [TestCase(ApiKeyAlphabet.Base62, 32, "abcdefghijklmnopqrstuvwxyzABCDE-", false)]
    [TestCase(ApiKeyAlphabet.Base62, 32, "abcdefghijklmnopqrstuvwxyzABCDE\u00e9", false)]
    [TestCase(ApiKeyAlphabet.Base62, 32, "abcdefghijklmno qrstuvwxyzABCDEF", false)]
    [TestCase(ApiKeyAlphabet.Hex, 17, "0123456789abcdefA", true)]
    [TestCase(ApiKeyAlphabet.Hex, 17, "0123456789ABCDEFa", true)]
    [TestCase(ApiKeyAlphabet.Hex, 17, "0123456789ABCDEFg", false)]
    [TestCase(ApiKeyAlphabet.Base64, 24, "AAAAAAAAAAAAAAAAAAAAAA==", true)]
    [TestCase(ApiKeyAlphabet.Base64, 24, "AAAAAAAAAAAAAAAAAAAAAAA=", true)]
    [TestCase(ApiKeyAlphabet.Base64, 24, "++//AAAAAAAAAAAAAAAAAAAA", true)]
    [TestCase(ApiKeyAlphabet.Base64, 24, "AAAAAAAAAAAAAAAAAAAAA===", false)]
    [TestCase(ApiKeyAlphabet.Base64, 24, "AAAAAAAAAAAAAAAAAAAA=A==", false)]
    [TestCase(ApiKeyAlphabet.Base64, 24, "=AAAAAAAAAAAAAAAAAAAAAAA", false)]
    [TestCase(ApiKeyAlphabet.Base64, 24, "-_AAAAAAAAAAAAAAAAAAAAAA", false)]
    [TestCase(ApiKeyAlphabet.Base64, 23, "AAAAAAAAAAAAAAAAAAAAAA=", false)]
    [TestCase(ApiKeyAlphabet.Base64, 22, "AAAAAAAAAAAAAAAAAAAAAA", true)]
    [TestCase(ApiKeyAlphabet.Base64Url, 22, "-_AAAAAAAAAAAAAAAAAAAA", true)]
    [TestCase(ApiKeyAlphabet.Base64Url, 24, "-_AAAAAAAAAAAAAAAAAAAA==", true)]
    [TestCase(ApiKeyAlphabet.Base64Url, 22, "+/AAAAAAAAAAAAAAAAAAAA", false)]
    [TestCase(ApiKeyAlphabet.Guid, null, Guid, true)]
    [TestCase(ApiKeyAlphabet.Guid, null, "3F2504E0-4F89-41D3-9A0C-0305E82C3301", true)]
    [TestCase(ApiKeyAlphabet.Guid, null, "3f2504e04f89-41d3-9a0c-0305e82c3301-", false)]
    [TestCase(ApiKeyAlphabet.Guid, null, "{3f2504e04f89-41d3-9a0c-0305e82c330}", false)]
    [TestCase(ApiKeyAlphabet.Guid, null, "3f2504e04f8941d39a0c0305e82c3301", false)]
    [TestCase(ApiKeyAlphabet.Guid, null, "0x2504e0-4f89-41d3-9a0c-0305e82c3301", false)]
    [TestCase(ApiKeyAlphabet.Guid, null, "3f2504e0-4f89-41d3-9a0c-0305e82c33--", false)]
    public void TryParse_TextAfterThePrefix_MatchesAlphabetAndLength(ApiKeyAlphabet alphabet, int? length, string text, bool isKey)
    {
        foreach (var prefix in new[] { "p:", "" })
        {
            var format = new ExternalApiKeyFormat { Prefix = prefix, Alphabet = alphabet, Length = length };
            Assert.That(format.TryParse(prefix + text, out var parsed), Is.EqualTo(isKey));
            Assert.That(parsed.Format, isKey ? Is.SameAs(format) : Is.Null);
            Assert.That(parsed.Environment, Is.Null);
            Assert.That(format.TryParse("P:" + text, out _), Is.False);
        }
    }

    [TestCase("12|abcdefghijklmnop", true)]
    [TestCase("1|2abcdefghijklmnop", true)]
    [TestCase("12abcdefghijklmnop|", false)]
    [TestCase("|12abcdefghijklmnop", false)]
    [TestCase("12abcdefghijklmnopq", false)]
    [TestCase("12|abcdefghijklmn|p", false)]
    [TestCase("12|abcdefghijklmn.p", false)]
    [TestCase("12||abcdefghijklmno", false)]
    public void TryParse_Separator_OccursOnceBetweenTwoParts(string text, bool isKey)
    {
        foreach (var prefix in new[] { "p:", "" })
        {
            var format = new ExternalApiKeyFormat { Prefix = prefix, Alphabet = ApiKeyAlphabet.Base62, Separator = '|', Length = 19 };
            Assert.That(format.TryParse(prefix + text, out _), Is.EqualTo(isKey));
            Assert.That(format.ToString(), Is.EqualTo(prefix + "{19 base62 and |}"));
            var redacted = new ApiKeyFormats(new ApiKeyFormat(), format).Redact($"a {prefix}{text} b");
            Assert.That(redacted, prefix.Length > 0 && isKey ? Is.EqualTo("a p:*** b") : Is.Not.Empty);
            Assert.That(!isKey || prefix.Length == 0 || Regex.IsMatch($"a {prefix}{text} b", format.ScannerPattern!));
        }
    }

    [TestCase('a')]
    [TestCase('0')]
    [TestCase(' ')]
    [TestCase(',')]
    [TestCase('\u00e9')]
    [TestCase('-')]
    public void Validate_InvalidSeparator_IsReported(char separator) =>
        Assert.That(
            new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base64Url, Separator = separator, Length = 32 }.Validate(),
            Is.EqualTo(new[]
            {
                "ExternalApiKeyFormat.Separator is not valid: use one printable ASCII character that is not part of the alphabet, and none "
                    + "for a GUID.",
            }));

    [TestCase(19, false)]
    [TestCase(20, true)]
    [TestCase(128, true)]
    [TestCase(129, false)]
    public void TryParse_LengthRange_IncludesBothEnds(int length, bool isKey) =>
        Assert.That(Range.TryParse("a" + new string('x', length), out _), Is.EqualTo(isKey));

    [Test]
    public void LooksLike_PrefixWithASeparator_ChecksThePrefix()
    {
        Assert.That(OpenAi.LooksLike("sk-"));
        Assert.That(OpenAi.LooksLike("sk-broken key"));
        Assert.That(OpenAi.LooksLike("SK-"), Is.False);
        Assert.That(OpenAi.LooksLike("sk"), Is.False);
    }

    // The prefix of a token may be a letter, and the token of another scheme may start with it.
    [TestCase("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AAAA")]
    [TestCase("short")]
    [TestCase("")]
    public void LooksLike_NoPrefixOrOneWithoutASeparator_ChecksTheWholeKey(string other)
    {
        foreach (var prefix in new[] { "", "e", "eyJ" })
        {
            var format = new ExternalApiKeyFormat { Prefix = prefix, Alphabet = ApiKeyAlphabet.Base64Url, MinLength = 16, MaxLength = 100 };
            Assert.That(format.LooksLike(other), Is.False);
            Assert.That(format.LooksLike(prefix + new string('a', 16)));
        }
    }

    [Test]
    public void ToString_AnyFormat_DescribesTheFormat()
    {
        Assert.That(OpenAi.ToString(), Is.EqualTo("sk-{48 base62}"));
        Assert.That(Guids.ToString(), Is.EqualTo("{guid}"));
        Assert.That(Range.ToString(), Is.EqualTo("a{20-128 base64url}"));
        Assert.That(new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Hex, Length = 32 }.ToString(), Is.EqualTo("{32 hex}"));
        Assert.That(new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Hex }.ToString(), Is.EqualTo("ExternalApiKeyFormat (invalid)"));
    }

    [Test]
    public void MaxKeyLength_Prefix_IsIncluded()
    {
        Assert.That(OpenAi.MaxKeyLength, Is.EqualTo(51));
        Assert.That(Guids.MaxKeyLength, Is.EqualTo(36));
        Assert.That(Range.MaxKeyLength, Is.EqualTo(129));
    }

    [Test]
    public void GetHint_AnyKey_ReturnsTheLastFourCharacters()
    {
        Assert.That(Guids.GetHint(Guid), Is.EqualTo("3301"));
        Assert.That(Range.GetHint("short"), Is.Empty);
    }

    [TestCase("sk-", ApiKeyAlphabet.Base62, 48, null, @"\bsk-[0-9A-Za-z]{48}\b")]
    [TestCase("a.b+(", ApiKeyAlphabet.Hex, 32, null, @"\ba\.b\+\([0-9A-Fa-f]{32}\b")]
    [TestCase("-k:", ApiKeyAlphabet.Base62, 20, 40, @"-k:[0-9A-Za-z]{20,40}\b")]
    [TestCase("k_", ApiKeyAlphabet.Base64, 44, null, @"\bk_[0-9A-Za-z+/=]{44}")]
    [TestCase("k_", ApiKeyAlphabet.Base64Url, 43, null, @"\bk_[0-9A-Za-z_=-]{43}")]
    [TestCase("k_", ApiKeyAlphabet.Guid, null, null, @"\bk_[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b")]
    [TestCase("", ApiKeyAlphabet.Hex, 32, null, null)]
    public void ScannerPattern_Prefix_IsFoundInText(string prefix, ApiKeyAlphabet alphabet, int? length, int? max, string? pattern)
    {
        var format = max is null
            ? new ExternalApiKeyFormat { Prefix = prefix, Alphabet = alphabet, Length = length }
            : new ExternalApiKeyFormat { Prefix = prefix, Alphabet = alphabet, MinLength = length, MaxLength = max };
        Assert.That(format.ScannerPattern, Is.EqualTo(pattern));
        if (pattern is not null)
        {
            var key = prefix + (alphabet == ApiKeyAlphabet.Guid ? Guid : new string('0', length!.Value));
            Assert.That(Regex.Match($"\"key\": \"{key}\",", pattern).Value, Is.EqualTo(key));
            Assert.That(Regex.IsMatch($" {key[..^1]} ", pattern), Is.False);
        }
    }

    [TestCase(null, "Prefix is null")]
    [TestCase("a b", "Prefix contains U+0020 at index 1")]
    [TestCase("a\n", "Prefix contains U+000A at index 1")]
    [TestCase("\u00e9", "Prefix contains U+00E9 at index 0")]
    public void Validate_InvalidPrefix_ReturnsTheProblemAndTheFix(string? prefix, string expected)
    {
        const string Fix = ": use at most 64 printable ASCII characters without spaces, or \"\" for no prefix.";
        var format = new ExternalApiKeyFormat { Prefix = prefix!, Alphabet = ApiKeyAlphabet.Hex, Length = 32 };
        Assert.That(format.Validate(), Is.EqualTo(new[] { $"ExternalApiKeyFormat.{expected}{Fix}" }));
        Assert.That(() => format.TryParse("x", out _), Throws.InvalidOperationException.With.Message.EqualTo(format.Validate()[0]));
    }

    [Test]
    public void Validate_PrefixLength_IsAtMost64()
    {
        static ExternalApiKeyFormat Create(int length) =>
            new() { Prefix = new string('~', length), Alphabet = ApiKeyAlphabet.Hex, Length = 448 };
        Assert.That(Create(64).Validate(), Is.Empty);
        Assert.That(Create(64).MaxKeyLength, Is.EqualTo(ApiKeyHasher.MaxSecretLength));
        Assert.That(Create(65).Validate(), Has.One.StartsWith("ExternalApiKeyFormat.Prefix is 65 characters long: use "));
    }

    [TestCase(null, null, null, "Length is missing: set the number of characters after the prefix, or MinLength and MaxLength.")]
    [TestCase(15, null, null, "Length is out of range: use 16 to 448 characters after the prefix.")]
    [TestCase(449, null, null, "Length is out of range: use 16 to 448 characters after the prefix.")]
    [TestCase(-1, null, null, "Length is out of range: use 16 to 448 characters after the prefix.")]
    [TestCase(32, 32, null, "Length is set together with MinLength or MaxLength: keep Length alone, or both of the others.")]
    [TestCase(32, null, 32, "Length is set together with MinLength or MaxLength: keep Length alone, or both of the others.")]
    [TestCase(null, 32, null, "MaxLength is missing: set MinLength and MaxLength, or Length alone.")]
    [TestCase(null, null, 32, "MinLength is missing: set MinLength and MaxLength, or Length alone.")]
    [TestCase(null, 33, 32, "MinLength is greater than MaxLength: set a lower MinLength.")]
    [TestCase(null, 15, 32, "MinLength is out of range: use 16 to 448 characters after the prefix.")]
    [TestCase(null, 16, 449, "MaxLength is out of range: use 16 to 448 characters after the prefix.")]
    public void Validate_InvalidLength_ReturnsTheProblemAndTheFix(int? length, int? min, int? max, string expected)
    {
        var format = new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base62, Length = length, MinLength = min, MaxLength = max };
        Assert.That(format.Validate(), Is.EqualTo(new[] { "ExternalApiKeyFormat." + expected }));
    }

    [Test]
    public void Validate_LengthOfAGuidOrUnknownAlphabet_ReturnsAllErrors()
    {
        var guid = new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Guid, Length = 36, MaxLength = 36 };
        Assert.That(guid.Validate(), Is.EqualTo(new[]
        {
            "ExternalApiKeyFormat.Length has no effect, because a GUID always has 36 characters: remove it.",
            "ExternalApiKeyFormat.MaxLength has no effect, because a GUID always has 36 characters: remove it.",
        }));
        Assert.That(new ExternalApiKeyFormat { Alphabet = (ApiKeyAlphabet)9, Length = 32 }.Validate(), Is.EqualTo(new[]
        {
            "ExternalApiKeyFormat.Alphabet is 9, which is not a valid alphabet: use Base62, Hex, Base64, Base64Url, Guid.",
        }));
    }

    [Test]
    public void TryParse_Warm_AllocatesNothing()
    {
        ExternalApiKeyFormat[] formats = [OpenAi, Guids, Base64, Range];
        string[] keys = ["sk-" + new string('a', 48), Guid, new string('A', 43) + "=", "a" + new string('-', 50)];
        var allocated = Allocations.Of(() =>
        {
            for (var index = 0; index < formats.Length; index++)
            {
                _ = formats[index].TryParse(keys[index], out _);
                _ = formats[index].TryParse(keys[^(index + 1)], out _);
                _ = formats[index].LooksLike(keys[index]);
            }
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(formats.Zip(keys).All(pair => pair.First.TryParse(pair.Second, out _)));
    }
}
