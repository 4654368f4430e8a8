using System.Buffers;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Validates the settings of a format of keys that were issued elsewhere.</summary>
internal static class ExternalFormatRules
{
    /// <summary>The minimum number of characters after the prefix.</summary>
    public const int MinLength = 16;

    private const int MaxPrefixLength = 64;
    private const int MaxLength = ApiKeyHasher.MaxSecretLength - MaxPrefixLength;
    private const string Name = nameof(ExternalApiKeyFormat);
    private const string PrefixFix = "use at most 64 printable ASCII characters without spaces, or \"\" for no prefix.";
    private static readonly SearchValues<char> PrefixCharacters =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    public static IEnumerable<string> FindErrors(ExternalApiKeyFormat format)
    {
        if (FindPrefixProblem(format.Prefix) is { } problem)
        {
            yield return $"{Name}.Prefix {problem}: {PrefixFix}";
        }

        if (!Enum.IsDefined(format.Alphabet))
        {
            yield return $"{Name}.Alphabet is {(int)format.Alphabet}, which is not a valid alphabet: "
                + $"use {string.Join(", ", Enum.GetNames<ApiKeyAlphabet>())}.";
        }

        else if (format.Separator is { } separator && !IsSeparator(separator, format.Alphabet))
        {
            yield return $"{Name}.Separator is not valid: use one printable ASCII character that is not part of the alphabet, and none for "
                + "a GUID.";
        }

        var lengths = new[] { ("Length", format.Length), ("MinLength", format.MinLength), ("MaxLength", format.MaxLength) };
        if (format.Alphabet == ApiKeyAlphabet.Guid)
        {
            foreach (var (name, _) in lengths.Where(length => length.Item2 is not null))
            {
                yield return $"{Name}.{name} has no effect, because a GUID always has 36 characters: remove it.";
            }
        }
        else if (FindLengthError(format) is { } error)
        {
            yield return error;
        }
        else
        {
            foreach (var (name, _) in lengths.Where(length => length.Item2 is < MinLength or > MaxLength))
            {
                yield return $"{Name}.{name} is out of range: use {MinLength} to {MaxLength} characters after the prefix.";
            }
        }
    }

    // A comma and a space separate two values of a header.
    private static bool IsSeparator(char separator, ApiKeyAlphabet alphabet) =>
        alphabet != ApiKeyAlphabet.Guid
        && separator is > ' ' and <= '~' and not ','
        && !char.IsAsciiLetterOrDigit(separator)
        && !ApiKeyCharacters.Get(alphabet).ContainsAll([separator]);

    private static string? FindPrefixProblem(string? prefix) =>
        prefix is null ? "is null"
        : prefix.Length > MaxPrefixLength ? $"is {prefix.Length} characters long"
        : ApiKeyFormatRules.FindInvalidCharacter(prefix, PrefixCharacters);

    private static string? FindLengthError(ExternalApiKeyFormat format) => format switch
    {
        { Length: not null, MinLength: null, MaxLength: null } => null,
        { Length: not null } => $"{Name}.Length is set together with MinLength or MaxLength: keep Length alone, or both of the others.",
        { MinLength: null, MaxLength: null } =>
            $"{Name}.Length is missing: set the number of characters after the prefix, or MinLength and MaxLength.",
        { MinLength: null } => $"{Name}.MinLength is missing: set MinLength and MaxLength, or Length alone.",
        { MaxLength: null } => $"{Name}.MaxLength is missing: set MinLength and MaxLength, or Length alone.",
        _ when format.MinLength > format.MaxLength => $"{Name}.MinLength is greater than MaxLength: set a lower MinLength.",
        _ => null,
    };
}
