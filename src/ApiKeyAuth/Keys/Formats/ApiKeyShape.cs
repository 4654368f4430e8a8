using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Represents the heads, lengths and characters of the keys of a validated format.</summary>
internal sealed class ApiKeyShape
{
    // A shorter text after "sk-" may be part of a word, as in "task-scheduling".
    private const int MinExternalRun = 16;
    private const int MinRunLength = 8;
    private readonly ApiKeyHead[] _heads;
    private readonly int _checksumLength;

    public ApiKeyShape(ApiKeyFormat format)
    {
        Characters = ApiKeyCharacters.Get(format.Encoding);
        _heads = format.Environments.Count == 0
            ? [ApiKeyHead.Create(format.Prefix, null)]
            : [.. format.Environments.Select(environment => ApiKeyHead.Create(format.Prefix, environment))];
        _checksumLength = format.Checksum ? Characters.ChecksumLength : 0;
        BodyLength = Characters.GetLength(format.SecretBytes);
        MinTailLength = MaxTailLength = BodyLength + _checksumLength;
        MaxLength = MaxTailLength + _heads.Max(head => head.Text.Length);

        // Without a prefix the head is a common word, so only text as long as a whole key counts.
        MinRun = format.Prefix.Length == 0 ? MinTailLength : MinRunLength;
    }

    public ApiKeyShape(ExternalApiKeyFormat format)
    {
        Characters = ApiKeyCharacters.Get(format.Alphabet).WithSeparator(format.Separator);
        _heads = [new ApiKeyHead(format.Prefix, null)];
        var length = Characters.FixedLength ?? format.Length;
        MinTailLength = length ?? format.MinLength!.Value;
        MaxTailLength = length ?? format.MaxLength!.Value;
        BodyLength = MinTailLength;
        MaxLength = MaxTailLength + format.Prefix.Length;

        // Without a separator the prefix may be found anywhere in a word.
        MinRun = IsSeparated ? Math.Min(MinExternalRun, MinTailLength) : MinTailLength;
    }

    public ReadOnlySpan<ApiKeyHead> Heads => _heads;

    public ApiKeyCharacters Characters { get; }

    public int BodyLength { get; }

    /// <summary>Gets the minimum length of the body and the checksum.</summary>
    public int MinTailLength { get; }

    /// <summary>Gets the maximum length of the body and the checksum.</summary>
    public int MaxTailLength { get; }

    /// <summary>Gets the length of the longest key.</summary>
    public int MaxLength { get; }

    /// <summary>Gets the number of characters after a head from which the redactor masks a text.</summary>
    public int MinRun { get; }

    /// <summary>Gets a value indicating whether keys have neither a prefix nor an environment.</summary>
    public bool IsBare => _heads[0].Text.Length == 0;

    /// <summary>Gets a value indicating whether the text before the body ends in another character than a letter or a digit.</summary>
    public bool IsSeparated => _heads[0].Text is [.., var last] && !char.IsAsciiLetterOrDigit(last);

    public bool TryParse(ReadOnlySpan<char> text, out string? environment)
    {
        foreach (var head in _heads)
        {
            var tailLength = text.Length - head.Text.Length;
            if (tailLength >= MinTailLength && tailLength <= MaxTailLength && text.StartsWith(head.Text))
            {
                environment = head.Environment;
                return FindTailFault(text[head.Text.Length..], head) == ApiKeyFault.None;
            }
        }

        environment = null;
        return false;
    }

    /// <summary>Returns why a text is not a key of this shape.</summary>
    public ApiKeyFault FindFault(ReadOnlySpan<char> text)
    {
        foreach (var head in _heads)
        {
            if (text.StartsWith(head.Text))
            {
                var tail = text[head.Text.Length..];

                // Every text starts with an empty prefix, so the characters decide whether the text was meant to be such a key.
                return IsBare && !Characters.ContainsAll(tail) ? ApiKeyFault.Prefix
                    : tail.Length < MinTailLength || tail.Length > MaxTailLength ? ApiKeyFault.Length
                    : FindTailFault(tail, head);
            }
        }

        return ApiKeyFault.Prefix;
    }

    /// <summary>Determines whether a key of this shape can start and end with the given texts.</summary>
    public bool CanMatch(string start, string end) =>
        Characters.ContainsAll(end)
        && Array.Exists(_heads, head => head.Text.StartsWith(start, StringComparison.Ordinal)
            || (start.StartsWith(head.Text, StringComparison.Ordinal)
                && start.Length - head.Text.Length <= MaxTailLength
                && Characters.ContainsAll(start.AsSpan(head.Text.Length))));

    /// <summary>Determines whether keys can have an environment, or no environment if it is null.</summary>
    public bool HasEnvironment(string? environment) => Array.Exists(_heads, head => head.Environment == environment);

    public string Generate(ApiKeyHead head)
    {
        Span<char> key = stackalloc char[head.Text.Length + MaxTailLength];
        head.Text.CopyTo(key);
        var tail = key[head.Text.Length..];
        RandomNumberGenerator.GetItems<char>(Characters.Digits, tail[..BodyLength]);
        if (_checksumLength > 0)
        {
            Characters.Write(Crc32.Append(head.Checksum, tail[..BodyLength]), tail[BodyLength..]);
        }

        var secret = key.ToString();
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(key));
        return secret;
    }

    /// <summary>Describes the shape for people, or as a regular expression for secret scanners.</summary>
    public string Describe(string prefix, bool asPattern)
    {
        var environments = string.Join('|', _heads.Select(head => head.Environment));
        var environment = _heads[0].Environment is null ? ""
            : _heads.Length == 1 ? environments + "_"
            : asPattern ? $"(?:{environments})_" : $"{{{environments}}}_";
        var head = (prefix.Length == 0 ? "" : prefix + "_") + environment;
        var checksum = _checksumLength == 0 ? "" : $"{{{_checksumLength} checksum}}";
        return asPattern
            ? $@"\b{head}{Characters.Pattern}{{{MaxTailLength}}}\b"
            : $"{head}{{{BodyLength} {Characters.Name}}}{checksum}";
    }

    /// <summary>Returns a text that is equal for formats that accept the same keys.</summary>
    public string GetIdentity() =>
        string.Join(
            '/',
            string.Join('|', _heads.Select(head => head.Text).Order(StringComparer.Ordinal)),
            Characters.Pattern,
            MinTailLength,
            MaxTailLength,
            _checksumLength);

    private ApiKeyFault FindTailFault(ReadOnlySpan<char> tail, ApiKeyHead head) =>
        !Characters.IsMatch(tail) ? ApiKeyFault.Alphabet
        : _checksumLength > 0 && Characters.Read(tail[BodyLength..]) != Crc32.Append(head.Checksum, tail[..BodyLength])
            ? ApiKeyFault.Checksum
        : ApiKeyFault.None;
}
