using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ApiKeyAuth.Keys.Hashes;

/// <summary>Represents the algorithm of a system that stores the SHA-256 of the last part of a key.</summary>
/// <remarks>
/// A hash is written as the key with 64 hexadecimal digits in place of the part that was hashed. The other parts are compared too, so that
/// one key has one spelling.
/// </remarks>
public sealed class Sha256PartHashAlgorithm : IApiKeyHashAlgorithm
{
    private const int DigitCount = SHA256.HashSizeInBytes * 2;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <summary>Gets the character between the other parts and the part that is hashed.</summary>
    public required char Separator { get; init; }

    /// <summary>
    /// Gets a value indicating whether the part follows the last separator, and not the first one. The default is
    /// <see langword="false"/>.
    /// </summary>
    public bool AfterLast { get; init; }

    /// <inheritdoc/>
    public bool TryComputeHash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        if (key.Length > ApiKeyHasher.MaxSecretLength || !Ascii.IsValid(key) || !TrySplit(key, out var head, out var part))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[ApiKeyHasher.MaxSecretLength];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = Ascii.FromUtf16(part, bytes, out var length);
        SHA256.HashData(bytes[..length], digest);
        HashParts(head, digest, hash);
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool TryReadHash(ReadOnlySpan<char> text, Span<byte> hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (text.Length > ApiKeyHasher.MaxSecretLength
            || !Ascii.IsValid(text)
            || !TrySplit(text, out var head, out var digits)
            || digits.Length != DigitCount
            || Convert.FromHexString(digits, digest, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        HashParts(head, digest, hash);
        return true;
    }

    /// <summary>Hashes the other parts, with the separator, and the digest.</summary>
    private static void HashParts(ReadOnlySpan<char> head, ReadOnlySpan<byte> digest, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[ApiKeyHasher.MaxSecretLength + SHA256.HashSizeInBytes];
        _ = Ascii.FromUtf16(head, bytes, out var length);
        digest.CopyTo(bytes[length..]);
        SHA256.HashData(bytes[..(length + digest.Length)], hash);
    }

    private bool TrySplit(ReadOnlySpan<char> text, out ReadOnlySpan<char> head, out ReadOnlySpan<char> part)
    {
        var at = AfterLast ? text.LastIndexOf(Separator) : text.IndexOf(Separator);
        head = text[..(at + 1)];
        part = text[(at + 1)..];
        return at > 0 && part.Length > 0;
    }
}
