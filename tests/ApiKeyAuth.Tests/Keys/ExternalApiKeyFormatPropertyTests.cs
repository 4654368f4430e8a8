using System.Text.RegularExpressions;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using CsCheck;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ExternalApiKeyFormatPropertyTests
{
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Hex = "0123456789abcdefABCDEF";
    private static readonly string Printable = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code));
    private static readonly string[] Tricky = ["", "-", "_", "=", "sk-", ".", " ", "\"", "aaaaaaaaaaaa", "Bearer ", "\n"];

    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.String[0, 20], Gen.Int[0, Tricky.Length - 1].Select(index => Tricky[index]));

    private static readonly Gen<(ExternalApiKeyFormat Format, string Key)> Any =
        from prefix in Gen.OneOf(Gen.String[Gen.Char[Printable], 0, 8], Gen.Const("sk-"), Gen.Const(""))
        from alphabet in Gen.Enum<ApiKeyAlphabet>()
        from min in Gen.Int[16, 60]
        from spread in Gen.Int[0, 20]
        from length in Gen.Int[min, min + spread]
        from text in Body(alphabet, length)
        select (Create(prefix, alphabet, min, min + spread), prefix + text);

    private static readonly Gen<(ExternalApiKeyFormat Format, string Key)> Prefixed = Any.Where(choice => choice.Format.Prefix.Length > 0);

    [Test]
    public void TryParse_KeyOfTheFormat_Succeeds() => Any.Sample(choice =>
        choice.Format.Validate().Count == 0
        && choice.Format.TryParse(choice.Key, out var parsed)
        && ReferenceEquals(parsed.Format, choice.Format)
        && parsed.Environment is null
        && choice.Format.LooksLike(choice.Key)
        && choice.Key.Length <= choice.Format.MaxKeyLength);

    [Test]
    public void TryParse_CharacterOutsideTheAlphabet_Fails() =>
        Gen.Select(Any, Gen.Int[0, 1000], Gen.Char).Sample((choice, position, other) =>
        {
            var prefix = choice.Format.Prefix.Length;
            var key = choice.Key.ToCharArray();
            key[prefix + (position % (key.Length - prefix))] = other;
            return Characters(choice.Format.Alphabet).Contains(other) || !choice.Format.TryParse(key, out _);
        });

    [Test]
    public void TryParse_OtherLengthOrPrefix_Fails() => Gen.Select(Any, Noise, Noise).Sample((choice, before, after) =>
    {
        var text = before + choice.Key + after;
        var parses = choice.Format.TryParse(text, out _);
        return !parses
            || (text.StartsWith(choice.Format.Prefix, StringComparison.Ordinal)
                && text.Length <= choice.Format.MaxKeyLength
                && text[choice.Format.Prefix.Length..].All(Characters(choice.Format.Alphabet).Contains));
    });

    [Test]
    public void Generated_KeysOfAnAppsOwnFormat_AreAcceptedByTheSameFormatWithoutAChecksum() =>
        Gen.Select(Gen.Bool, Gen.Int[16, 64]).Sample((isHex, bytes) =>
        {
            var own = new ApiKeyFormat
            {
                Environments = [],
                Encoding = isHex ? ApiKeyEncoding.Hex : ApiKeyEncoding.Base62,
                SecretBytes = bytes,
            };
            var external = new ExternalApiKeyFormat
            {
                Prefix = "key_",
                Alphabet = isHex ? ApiKeyAlphabet.Hex : ApiKeyAlphabet.Base62,
                Length = own.MaxKeyLength - 4,
            };
            return external.TryParse(own.Generate(null), out _);
        });

    [Test]
    public void Redact_KeysInNoise_LeavesNoSixteenCharactersOfThem() =>
        Gen.Select(Prefixed, Noise, Noise, Noise).Sample((choice, before, between, after) =>
        {
            var formats = new ApiKeyFormats(new ApiKeyFormat(), choice.Format);
            var redacted = formats.Redact(before + choice.Key + between + choice.Key + after);
            var body = choice.Key[choice.Format.Prefix.Length..];
            return redacted.Contains("***", StringComparison.Ordinal)
                && Enumerable.Range(0, body.Length - 15)
                    .All(start => !redacted.Contains(body.Substring(start, 16), StringComparison.Ordinal));
        });

    [Test]
    public void Redact_TruncatedKeyAfterASeparator_LeavesNoSixteenCharactersOfIt() =>
        Gen.Select(Prefixed.Where(choice => !char.IsAsciiLetterOrDigit(choice.Format.Prefix[^1])), Gen.Int[16, 60])
            .Sample((choice, length) =>
            {
                var body = choice.Key[choice.Format.Prefix.Length..];
                var truncated = body[..Math.Min(length, body.Length)];
                var redacted = new ApiKeyFormats(new ApiKeyFormat(), choice.Format).Redact($"({choice.Format.Prefix}{truncated})");
                return !redacted.Contains(truncated, StringComparison.Ordinal);
            });

    [Test]
    public void ScannerPattern_WholeKey_IsFound() => Prefixed.Sample(choice =>
        Regex.Match($"x \"{choice.Key}\" y", choice.Format.ScannerPattern!).Value.Contains(choice.Key, StringComparison.Ordinal));

    private static ExternalApiKeyFormat Create(string prefix, ApiKeyAlphabet alphabet, int min, int max) =>
        alphabet == ApiKeyAlphabet.Guid ? new() { Prefix = prefix, Alphabet = alphabet }
        : min == max ? new() { Prefix = prefix, Alphabet = alphabet, Length = min }
        : new() { Prefix = prefix, Alphabet = alphabet, MinLength = min, MaxLength = max };

    private static Gen<string> Body(ApiKeyAlphabet alphabet, int length) => alphabet == ApiKeyAlphabet.Guid
        ? Gen.Guid.Select(guid => $"{guid:D}")
        : Gen.Select(Gen.String[Gen.Char[Characters(alphabet).TrimEnd('=')], length, length], Gen.Int[0, 2], (text, padding) =>
            Characters(alphabet).EndsWith('=') && length % 4 == 0 ? text[..^padding] + new string('=', padding) : text);

    private static string Characters(ApiKeyAlphabet alphabet) => alphabet switch
    {
        ApiKeyAlphabet.Hex => Hex,
        ApiKeyAlphabet.Base64 => Alphanumeric + "+/=",
        ApiKeyAlphabet.Base64Url => Alphanumeric + "-_=",
        ApiKeyAlphabet.Guid => Hex + "-",
        _ => Alphanumeric,
    };
}
