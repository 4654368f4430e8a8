using System.Buffers;
using System.Buffers.Text;

namespace ApiKeyAuth.Keys.Internal;

/// <summary>Reads the digest of a hash as hexadecimal digits of either case, Base64 or Base64url, with or without padding.</summary>
internal static class DigestText
{
    /// <summary>The description for messages.</summary>
    public const string Description = "64 hexadecimal digits, Base64 or Base64url";

    private const int HexLength = ApiKeyHash.Length * 2;
    private const int Base64Length = 43;

    /// <summary>Reads a digest.</summary>
    /// <param name="text">The text.</param>
    /// <param name="digest">The buffer for the digest, 32 bytes.</param>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> digest) =>
        text.Length == HexLength
            ? Convert.FromHexString(text, digest, out _, out _) == OperationStatus.Done
            : TryReadBase64(text is [.., '='] && text.Length == Base64Length + 1 ? text[..^1] : text, digest);

    private static bool TryReadBase64(ReadOnlySpan<char> text, Span<byte> digest)
    {
        if (text.Length != Base64Length || (text.ContainsAny('+', '/') && text.ContainsAny('-', '_')))
        {
            return false;
        }

        Span<char> url = stackalloc char[Base64Length];
        text.Replace(url, '+', '-');
        url.Replace('/', '_');

        // The decoder skips white space, and then there are fewer bytes.
        return Base64Url.DecodeFromChars(url, digest, out _, out var written) == OperationStatus.Done && written == ApiKeyHash.Length;
    }
}
