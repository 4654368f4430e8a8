using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ApiKeyAuth.Keys.Hashes;

/// <summary>Represents the algorithm of djangorestframework-api-key from version 3: SHA-512 of the whole key.</summary>
internal sealed class DjangoHashAlgorithm : IApiKeyHashAlgorithm
{
    private const string Head = "sha512$$";
    private const int DigitCount = SHA512.HashSizeInBytes * 2;

    public string Name => "django-sha512";

    public bool TryComputeHash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[ApiKeyHasher.MaxSecretLength];
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        if (!key.Contains('.') || Ascii.FromUtf16(key, bytes, out var length) != OperationStatus.Done)
        {
            return false;
        }

        SHA512.HashData(bytes[..length], digest);
        SHA256.HashData(digest, hash);
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    public bool TryReadHash(ReadOnlySpan<char> text, Span<byte> hash)
    {
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        if (!text.StartsWith(Head)
            || text.Length != Head.Length + DigitCount
            || Convert.FromHexString(text[Head.Length..], digest, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        SHA256.HashData(digest, hash);
        return true;
    }
}
