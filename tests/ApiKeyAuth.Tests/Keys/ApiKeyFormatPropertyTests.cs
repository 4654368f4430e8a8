using ApiKeyAuth.Keys;
using CsCheck;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyFormatPropertyTests
{
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly string[] TrickyTexts = ["", "_", "key", "live_", " ", "\"", "aaaaaaaaaaaa", "_live_", "KEY_", "key_live_"];
    private static readonly Gen<string> Prefix = Gen.String[Gen.Char[Alphanumeric], 0, 6].Array[0, 3]
        .Select(parts => string.Join('_', parts.Where(part => part.Length > 0)));

    private static readonly Gen<ApiKeyFormat> Format = Gen.Select(
        Prefix,
        Gen.String[Gen.Char["0123456789abcdefghijklmnopqrstuvwxyz"], 1, 8].Array[0, 4],
        Gen.Bool,
        Gen.Int[16, 64],
        Gen.Bool,
        (prefix, environments, hex, bytes, checksum) => new ApiKeyFormat
        {
            Prefix = prefix,
            Environments = prefix.Length + environments.Length == 0 ? ["live"] : [.. environments.Distinct()],
            Encoding = hex ? ApiKeyEncoding.Hex : ApiKeyEncoding.Base62,
            SecretBytes = bytes,
            Checksum = checksum,
        });

    private static readonly Gen<(ApiKeyFormat Format, string? Environment)> Choice = Gen.Select(
        Format,
        Gen.Int[0, 3],
        (format, index) =>
            (format, format.Environments.Count == 0 ? null : format.Environments[index % format.Environments.Count]));

    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.String[0, 20], Gen.Int[0, TrickyTexts.Length - 1].Select(index => TrickyTexts[index]));

    [Test]
    public void Generate_AnyFormat_ParsesBack() => Choice.Sample(choice =>
    {
        var key = choice.Format.Generate(choice.Environment);
        return choice.Format.TryParse(key, out var parsed)
            && ReferenceEquals(parsed.Environment, choice.Environment)
            && ReferenceEquals(parsed.Format, choice.Format)
            && choice.Format.LooksLike(key)
            && key.Length <= choice.Format.MaxKeyLength;
    });

    [Test]
    public void TryParse_OneCharacterChanged_Fails() =>
        Gen.Select(
            Choice.Where(choice => choice.Format.Checksum),
            Gen.Int[0, 1000],
            Gen.OneOf(Gen.Char, Gen.Char[Alphanumeric + "_"])).Sample((choice, position, other) =>
        {
            var key = choice.Format.Generate(choice.Environment).ToCharArray();
            position %= key.Length;
            if (key[position] == other)
            {
                return true;
            }

            key[position] = other;
            return !choice.Format.TryParse(key, out _);
        });

    [Test]
    public void TryParse_ArbitraryText_NeverThrows() => Gen.Select(Choice, Noise, Noise).Sample((choice, before, after) =>
    {
        var key = choice.Format.Generate(choice.Environment);
        return !choice.Format.TryParse(before, out _)
            && choice.Format.LooksLike(before)
                == (choice.Format.Prefix.Length > 0 && before.StartsWith(choice.Format.Prefix + "_", StringComparison.Ordinal))
            && choice.Format.TryParse(before + key + after, out _) == (before.Length + after.Length == 0);
    });

    [Test]
    public void Redact_KeysInNoise_LeavesNoEightCharactersOfThem() =>
        Gen.Select(Choice, Noise, Noise, Noise).Sample((choice, before, between, after) =>
        {
            var (first, second) = (choice.Format.Generate(choice.Environment), choice.Format.Generate(choice.Environment));
            var redacted = choice.Format.Redact(before + first + between + second + after);
            return !Leaks(redacted, choice, first)
                && !Leaks(redacted, choice, second)
                && redacted.Contains("***", StringComparison.Ordinal);
        });

    [Test]
    public void Redact_TruncatedKey_LeavesNoEightCharactersOfIt() =>
        Gen.Select(Choice.Where(choice => choice.Format.Prefix.Length > 0), Noise, Gen.Int[8, 64]).Sample((choice, before, length) =>
        {
            var key = choice.Format.Generate(choice.Environment);
            var truncated = key[..Math.Min(key.Length, HeadLength(choice) + length)];
            return !Leaks(choice.Format.Redact(before + truncated + "!"), choice, truncated);
        });

    [Test]
    public void Redact_TextWithoutKeys_ReturnsTheSameInstance() => Gen.String[0, 40].Sample(text =>
        text.Contains("key_", StringComparison.OrdinalIgnoreCase) || ReferenceEquals(new ApiKeyFormat().Redact(text), text));

    private static int HeadLength((ApiKeyFormat Format, string? Environment) choice) =>
        (choice.Format.Prefix.Length == 0 ? 0 : choice.Format.Prefix.Length + 1)
        + (choice.Environment is null ? 0 : choice.Environment.Length + 1);

    private static bool Leaks(string redacted, (ApiKeyFormat Format, string? Environment) choice, string key)
    {
        for (var start = HeadLength(choice); start + 8 <= key.Length; start++)
        {
            if (redacted.Contains(key.Substring(start, 8), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
