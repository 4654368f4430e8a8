using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ApiKeyAuth.Keys;
using CsCheck;

namespace ApiKeyAuth.Tests.Keys;

public sealed class EncodedKeyRedactionTests
{
    private const string Base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static readonly ApiKeyFormat Format = new();
    private static readonly ApiKeyFormat Bare = new() { Prefix = "", Environments = [], Encoding = ApiKeyEncoding.Hex };
    private static readonly ApiKeyFormat Short = new() { Prefix = "sk", Environments = [], Checksum = false };
    private static readonly ApiKeyFormats Formats = new(Format, Short, Bare);

    private static readonly (string Name, Func<char, string> Escape)[] Escapes =
    [
        ("percent", character => $"%{(int)character:X2}"), ("percent, lower case", character => $"%{(int)character:x2}"),
        ("JSON", character => $"\\u{(int)character:x4}"), ("JSON, upper case", character => $"\\u{(int)character:X4}"),
        ("JavaScript", character => $"\\x{(int)character:x2}"), ("JavaScript, braces", character => $"\\u{{{(int)character:x}}}"),
        ("HTML", character => $"&#{(int)character};"), ("HTML, zeros", character => $"&#{(int)character:D6};"),
        ("HTML, hex", character => $"&#x{(int)character:x};"), ("HTML, upper hex", character => $"&#X{(int)character:X4};"),
    ];

    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.String[0, 20], Gen.String[Gen.Char[Base64Digits + "-_="], 0, 9], Gen.Const(""), Gen.Const("Authorization: Basic "),
        Gen.Const("https://host/path/?key="));

    private static readonly Gen<string> User = Gen.OneOf(
        Gen.String[Gen.Char[Base64Digits], 0, 9], Gen.Const("user:"), Gen.String[0, 5]);

    // The bare format is accept-only and generates no keys. The redactor does not check the 8 digits of the checksum.
    private static readonly Gen<string> Key = Gen.OneOf(
        Gen.Const("live").Select(Format.Generate), Gen.Const("").Select(_ => Short.Generate(null)),
        Gen.String[Gen.Char["0123456789abcdef"], 72, 72]);

    [Test]
    public void Redact_EscapedKeyInNoise_LeavesNoEightCharactersOfIt() =>
        Gen.Select(Key, Gen.Int[0, Escapes.Length - 1], Gen.Int[1, 4], Noise, Noise).Sample((key, form, every, before, after) =>
        {
            // The first character is always escaped: "%a" before a literal "b" would read as one escape.
            string[] characters = [.. key.Select((character, index) =>
                index % every == 0 || character == '_' ? Escapes[form].Escape(character) : $"{character}")];
            var redacted = Formats.Redact(before + string.Concat(characters) + after);
            return redacted.Contains("***", StringComparison.Ordinal)
                && Windows(characters[HeadLength(key)..], 8).All(window => !redacted.Contains(window, StringComparison.Ordinal));
        });

    [Test]
    public void Redact_Base64KeyInNoise_LeavesNoTwelveCharactersOfIt() =>
        Gen.Select(Key, User, Gen.Bool, Gen.Bool, Noise, Noise)
            .Sample((key, user, isUrl, isEscaped, before, after) =>
            {
                var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(user + key + (isUrl ? "" : ":")));
                encoded = isUrl ? encoded.TrimEnd('=').Replace('+', '-').Replace('/', '_') : encoded;
                var body = Encoding.UTF8.GetByteCount(user) + HeadLength(key);
                var secret = encoded[((body * 4 / 3) + 1)..((body + key.Length - HeadLength(key)) * 4 / 3)];
                var redacted = Formats.Redact(before + (isEscaped ? JavaScriptEncoder.Default.Encode(encoded) : encoded) + after);
                return redacted.Contains("***", StringComparison.Ordinal)
                    && Windows([.. secret.Select(character => $"{character}")], 12)
                        .All(window => !redacted.Contains(window, StringComparison.Ordinal));
            });

    [Test]
    public void Redact_TruncatedBase64Key_LeavesNoTwelveCharactersOfIt() =>
        Gen.Select(Gen.Int[0, 60], Gen.String[Gen.Char[Base64Digits], 0, 3]).Sample((length, user) =>
        {
            var key = Format.Generate("test");
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(user + key));
            var truncated = encoded[..Math.Min(encoded.Length, ((user.Length + 9 + 8 + 1) * 4 / 3) + 1 + length)];
            return Format.Redact(truncated + "…") is var redacted && redacted.EndsWith("key_test_***…", StringComparison.Ordinal);
        });

    [TestCase("?api_key=key%5Flive%5F12345678&a=b", "?api_key=key_live_***&a=b")]
    [TestCase("?api_key=%6Bey_live_12345678%3A", "?api_key=key_live_***%3A")]
    [TestCase("""{"a":"key\u005flive\u005F12345678\n"}""", """{"a":"key_live_***\n"}""")]
    [TestCase("""{"a":"\/key_live_12345678\/b"}""", """{"a":"\/key_live_***\/b"}""")]
    [TestCase("<b>key&#95;live&#x5f;12345678&lt;", "<b>key_live_***&lt;")]
    [TestCase("<b>key&lowbar;live&UnderBar;12345678&lt;", "<b>key_live_***&lt;")]
    [TestCase("key&#95live&#x5Flive", "key&#95live&#x5Flive")]
    [TestCase("key%5Flive%5F1234567", "key%5Flive%5F1234567")]
    [TestCase("100%key_live_12345678", "100%key_live_***")]
    [TestCase("%bekey_live_12345678", "%bekey_live_***")]
    [TestCase("50% & \\ &# %zz \\u12 &lowbar", "50% & \\ &# %zz \\u12 &lowbar")]
    public void Redact_EscapedText_DecodesOnce(string text, string expected) => Assert.That(Format.Redact(text), Is.EqualTo(expected));

    // "%be" is also an escape, but the prefix of the key is found in the source text.
    [Test]
    public void Redact_PrefixThatReadsAsAnEscape_MasksTheKey() =>
        Assert.That(new ApiKeyFormat { Prefix = "be", Environments = [] }.Redact("100%be_12345678"), Is.EqualTo("100%be_***"));

    [Test]
    public void Redact_BasicCredentials_MasksTheKey()
    {
        var key = Format.Generate("live");
        Assert.That(Format.Redact($"Basic {Base64("user:" + key)}\n"), Is.EqualTo($"Basic {Base64("user:")[..6]}key_live_***\n"));
        Assert.That(Format.Redact($"Basic {Base64(key + ":")}, a"), Does.StartWith("Basic key_live_***").And.EndsWith(", a"));
        Assert.That(Format.Redact(JsonSerializer.Serialize(new { header = "Basic " + Base64("???" + key) })), Does.Contain("key_live_***"));
    }

    [Test]
    public void Redact_OutputOfFrameworkEncoders_MasksTheKey()
    {
        var key = Format.Generate("live");
        string[] forms =
        [
            WebUtility.UrlEncode(key), WebUtility.HtmlEncode(key), JsonSerializer.Serialize(key), Uri.EscapeDataString(key),
            HtmlEncoder.Default.Encode(Base64("ÿ>?" + key)), Uri.EscapeDataString(Base64("ÿ>?" + key)),
        ];
        foreach (var encoded in forms)
        {
            Assert.That(Format.Redact(encoded), Does.Contain("key_live_***").And.Not.Contain(key[10..20]));
        }
    }

    [Test]
    public void Redact_TextWithEscapesAndBase64ButNoKey_ReturnsTheSameInstance()
    {
        var bytes = RandomNumberGenerator.GetBytes(3000);
        string[] texts =
        [
            "a%20b\\u0041&#95;c", Convert.ToBase64String(bytes), Uri.EscapeDataString("ü€"), Base64("user:password, and so on and on"),
            "%", "\\", "&", "&#", "\\u{", "%4", "&#x",
        ];
        foreach (var text in texts)
        {
            Assert.That(Format.Redact(text), Is.SameAs(text));
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static int HeadLength(string key) => key.LastIndexOf('_') + 1;

    private static IEnumerable<string> Windows(string[] characters, int length) =>
        Enumerable.Range(0, Math.Max(0, characters.Length - length + 1))
            .Select(start => string.Concat(characters[start..(start + length)]));
}
