using System.Text.RegularExpressions;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyFormatTests
{
    // Calculated with zlib.crc32 of Python.
    private const string Known = "key_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg48mCfz";
    private const string KnownHex = "key_test_00112233445566778899aabbccddeeff4bfd2e53";
    private static readonly ApiKeyFormat Default = new();
    private static readonly ApiKeyFormat Twyn = new() { Prefix = "twyn", Encoding = ApiKeyEncoding.Hex, Checksum = false };
    private static readonly ApiKeyFormat Bare = new() { Prefix = "", Environments = [], Encoding = ApiKeyEncoding.Hex, Checksum = false };

    [Test]
    public void TryParse_KnownKey_ReturnsTheSharedEnvironment()
    {
        Assert.That(Default.TryParse(Known, out var parsed));
        Assert.That(parsed.Format, Is.SameAs(Default));
        Assert.That(parsed.Environment, Is.SameAs(Default.Environments[0]));
        Assert.That(parsed.ToString(), Is.EqualTo("ParsedApiKey live"));
    }

    [Test]
    public void TryParse_KnownHexKey_Succeeds()
    {
        var format = new ApiKeyFormat { Encoding = ApiKeyEncoding.Hex, SecretBytes = 16 };
        Assert.That(format.TryParse(KnownHex, out var parsed));
        Assert.That(parsed.Environment, Is.EqualTo("test"));
    }

    [TestCase("")]
    [TestCase("key_live_")]
    [TestCase(" " + Known)]
    [TestCase(Known + " ")]
    [TestCase(Known + "\n")]
    [TestCase("KEY_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg000000")]
    [TestCase("key_prod_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg000000")]
    [TestCase("key_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg000000")]
    public void TryParse_NotAKey_Fails(string text)
    {
        Assert.That(Default.TryParse(text, out var parsed), Is.False);
        Assert.That(parsed.Format, Is.Null);
    }

    [Test]
    public void TryParse_UpperCaseOrWideHex_Fails()
    {
        var key = Twyn.Generate("live");
        Assert.That(Twyn.TryParse(key, out _));
        Assert.That(Twyn.TryParse("twyn_live_" + new string('A', 64), out _), Is.False);
        Assert.That(Twyn.TryParse(string.Concat(key.AsSpan(0, key.Length - 1), "\uff11"), out _), Is.False);
    }

    [TestCase("twyn", ApiKeyEncoding.Hex, false, "live", @"^twyn_live_[0-9a-f]{64}$")]
    [TestCase("sk", ApiKeyEncoding.Base62, false, "live", "^sk_live_[0-9A-Za-z]{43}$")]
    [TestCase("sk", ApiKeyEncoding.Hex, false, "test", "^sk_test_[0-9a-f]{64}$")]
    [TestCase("key", ApiKeyEncoding.Base62, true, "live", "^key_live_[0-9A-Za-z]{49}$")]
    [TestCase("my_app2", ApiKeyEncoding.Hex, true, "test", "^my_app2_test_[0-9a-f]{72}$")]
    [TestCase("", ApiKeyEncoding.Hex, false, "live", "^live_[0-9a-f]{64}$")]
    public void Generate_AnyFormat_MatchesTheSettings(
        string prefix, ApiKeyEncoding encoding, bool checksum, string environment, string pattern)
    {
        var format = new ApiKeyFormat { Prefix = prefix, Encoding = encoding, Checksum = checksum };
        var key = format.Generate(environment);
        Assert.That(key, Does.Match(pattern));
        Assert.That(key, Has.Length.EqualTo(format.MaxKeyLength));
        Assert.That(format.TryParse(key, out _));
    }

    [Test]
    public void Generate_NoEnvironments_OmitsTheEnvironment()
    {
        var format = new ApiKeyFormat { Environments = [], SecretBytes = 16, Checksum = false };
        Assert.That(format.Generate(null), Does.Match("^key_[0-9A-Za-z]{22}$"));
        Assert.That(() => format.Generate("live"), Throws.ArgumentException);
    }

    [TestCase(null)]
    [TestCase("prod")]
    [TestCase("LIVE")]
    public void Generate_UnknownEnvironment_ThrowsWithTheKnownEnvironments(string? environment) =>
        Assert.That(() => Default.Generate(environment), Throws.ArgumentException.With.Message.Contains("live, test"));

    [Test]
    public void Generate_BareFormat_Throws() =>
        Assert.That(() => Bare.Generate(null), Throws.InvalidOperationException.With.Message.Contains("Prefix"));

    [TestCase(Known, true)]
    [TestCase("key_", true)]
    [TestCase("key_prod_x y", true)]
    [TestCase("key", false)]
    [TestCase("Key_live_", false)]
    [TestCase("keyring_x", false)]
    [TestCase("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AAAA", false)]
    [TestCase("", false)]
    public void LooksLike_FormatWithPrefix_ChecksThePrefix(string text, bool expected) =>
        Assert.That(Default.LooksLike(text), Is.EqualTo(expected));

    [Test]
    public void LooksLike_BareFormat_ChecksTheWholeKey()
    {
        Assert.That(Bare.LooksLike(new string('a', 64)));
        Assert.That(Bare.LooksLike(new string('a', 63)), Is.False);
    }

    [Test]
    public void GetHint_AnyKey_ReturnsTheLastFourCharacters()
    {
        Assert.That(Default.GetHint(Known), Is.EqualTo(Known[^4..]));
        Assert.That(Default.GetHint("short"), Is.Empty);
    }

    [Test]
    public void ToString_AnyFormat_DescribesTheFormat()
    {
        Assert.That(Default.ToString(), Is.EqualTo("key_{live|test}_{43 base62}{6 checksum}"));
        Assert.That(Twyn.ToString(), Is.EqualTo("twyn_{live|test}_{64 hex}"));
        var hex = new ApiKeyFormat { Prefix = "sk", Environments = ["live"], Encoding = ApiKeyEncoding.Hex };
        Assert.That(hex.ToString(), Is.EqualTo("sk_live_{64 hex}{8 checksum}"));
        Assert.That(Bare.ToString(), Is.EqualTo("{64 hex}"));
        Assert.That(new ApiKeyFormat { SecretBytes = 1 }.ToString(), Is.EqualTo("ApiKeyFormat (invalid)"));
    }

    [Test]
    public void ScannerPattern_TextWithKeys_MatchesWholeKeysOnly()
    {
        var pattern = new Regex(Default.ScannerPattern);
        var key = Default.Generate("test");
        Assert.That(Default.ScannerPattern, Is.EqualTo(@"\bkey_(?:live|test)_[0-9A-Za-z]{49}\b"));
        foreach (var text in new[] { key, $"API_KEY={key}", $"\"{key}\",", $"Bearer {key}\n", $"https://x/?k={key}&b=1" })
        {
            Assert.That(pattern.Match(text).Value, Is.EqualTo(key), text.Replace(key, "…", StringComparison.Ordinal));
        }

        string[] misses =
        [
            key[..^1], key + "0", "x" + key, "my_" + key, key + "_x", key.Replace("test", "prod", StringComparison.Ordinal),
            key.ToUpperInvariant(),
        ];
        foreach (var miss in misses)
        {
            Assert.That(pattern.IsMatch(miss), Is.False);
        }
    }

    [TestCase("my-app", "Prefix contains '-' at index 2")]
    [TestCase("_app", "Prefix starts with an underscore")]
    [TestCase("app_", "Prefix ends with an underscore")]
    [TestCase("a__b", "Prefix contains two underscores")]
    [TestCase("äpp", "Prefix contains U+00E4 at index 0")]
    [TestCase("a23456789012345678901234567890123", "Prefix is 33 characters long")]
    [TestCase(null, "Prefix is null")]
    public void Validate_InvalidPrefix_ReturnsAnErrorWithoutTheValue(string? prefix, string expected)
    {
        var errors = new ApiKeyFormat { Prefix = prefix! }.Validate();
        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.Contain(expected).And.Contain("use letters"));
        Assert.That(prefix is null || !errors[0].Contains(prefix, StringComparison.Ordinal));
    }

    [TestCase("Live", "Environments[1] contains 'L' at index 0")]
    [TestCase("", "Environments[1] is 0 characters long")]
    [TestCase("a2345678901234567", "Environments[1] is 17 characters long")]
    [TestCase("live", "Environments[1] is a duplicate")]
    [TestCase("a_b", "Environments[1] contains '_' at index 1")]
    [TestCase(null, "Environments[1] is null")]
    public void Validate_InvalidEnvironment_ReturnsAnError(string? environment, string expected) =>
        Assert.That(new ApiKeyFormat { Environments = ["live", environment!] }.Validate(), Has.One.Contains(expected));

    [Test]
    public void Validate_SeveralInvalidSettings_ReturnsAllErrors()
    {
        var format = new ApiKeyFormat { Environments = null!, Encoding = (ApiKeyEncoding)9, SecretBytes = 15 };
        Assert.That(format.Validate(), Has.Count.EqualTo(3));
        Assert.That(() => format.MaxKeyLength, Throws.InvalidOperationException.With.Message.Contains("SecretBytes is out of range"));
        Assert.That(new ApiKeyFormat { SecretBytes = 65 }.Validate(), Has.Count.EqualTo(1));
        Assert.That(new ApiKeyFormat { SecretBytes = 64 }.Validate(), Is.Empty);
        Assert.That(new ApiKeyFormat { SecretBytes = 16, Prefix = new string('a', 32) }.Validate(), Is.Empty);
    }

    [Test]
    public void TryParse_Warm_AllocatesNothing()
    {
        ApiKeyFormat[] formats = [Default, Twyn];
        string[] keys = [Default.Generate("test"), Twyn.Generate("live")];
        var allocated = Allocations.Of(() =>
        {
            for (var index = 0; index < 2; index++)
            {
                _ = formats[index].TryParse(keys[index], out _);
                _ = formats[index].TryParse(keys[1 - index], out _);
                _ = formats[index].LooksLike(keys[index]);
            }
        });
        Assert.That(allocated, Is.Zero);
    }
}
