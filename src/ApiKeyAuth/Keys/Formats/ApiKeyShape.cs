using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ApiKeyAuth.Keys.Formats;

/// <summary>Represents the heads, lengths and digits of the keys of a validated format.</summary>
internal sealed class ApiKeyShape
{
    private readonly ApiKeyAlphabet _alphabet;
    private readonly ApiKeyHead[] _heads;
    private readonly int _checksumLength;

    public ApiKeyShape(ApiKeyFormat format)
    {
        _alphabet = ApiKeyAlphabet.Get(format.Encoding);
        _heads = format.Environments.Count == 0
            ? [new ApiKeyHead(format.Prefix, null)]
            : [.. format.Environments.Select(environment => new ApiKeyHead(format.Prefix, environment))];
        _checksumLength = format.Checksum ? _alphabet.ChecksumLength : 0;
        BodyLength = _alphabet.GetLength(format.SecretBytes);
        TailLength = BodyLength + _checksumLength;
        MaxLength = TailLength + _heads.Max(head => head.Text.Length);
    }

    public ReadOnlySpan<ApiKeyHead> Heads => _heads;

    public int BodyLength { get; }

    /// <summary>Gets the length of the body and the checksum.</summary>
    public int TailLength { get; }

    public int MaxLength { get; }

    /// <summary>Gets a value indicating whether keys have neither a prefix nor an environment.</summary>
    public bool IsBare => _heads[0].Text.Length == 0;

    public bool TryParse(ReadOnlySpan<char> text, out string? environment)
    {
        foreach (var head in _heads)
        {
            if (text.Length == head.Text.Length + TailLength && text.StartsWith(head.Text))
            {
                environment = head.Environment;
                return IsTail(text[head.Text.Length..], head.Checksum);
            }
        }

        environment = null;
        return false;
    }

    public string Generate(ApiKeyHead head)
    {
        Span<char> key = stackalloc char[head.Text.Length + TailLength];
        head.Text.CopyTo(key);
        var tail = key[head.Text.Length..];
        RandomNumberGenerator.GetItems<char>(_alphabet.Digits, tail[..BodyLength]);
        if (_checksumLength > 0)
        {
            _alphabet.Write(Crc32.Append(head.Checksum, tail[..BodyLength]), tail[BodyLength..]);
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
            ? $@"\b{head}{_alphabet.CharacterClass}{{{TailLength}}}\b"
            : $"{head}{{{BodyLength} {_alphabet.Name}}}{checksum}";
    }

    private bool IsTail(ReadOnlySpan<char> tail, uint headChecksum) =>
        !tail.ContainsAnyExcept(_alphabet.Characters)
        && (_checksumLength == 0 || _alphabet.Read(tail[BodyLength..]) == Crc32.Append(headChecksum, tail[..BodyLength]));
}
