using System.Security.Cryptography;
using ApiKeyAuth.Management.Leaks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Management.LeakReports;

/// <summary>Verifies that a report was signed with one of the configured public keys.</summary>
/// <remarks>
/// The signature is ECDSA on the curve P-256 with SHA-256 over the bytes of the body, DER encoded, in Base64, as in the secret scanning
/// partner program of GitHub.
/// </remarks>
internal sealed class LeakSignature(ApiKeyLeakReportOptions options)
{
    private const string IdentifierHeader = "Github-Public-Key-Identifier";
    private const string SignatureHeader = "Github-Public-Key-Signature";
    private const string PublicKeyLabel = "PUBLIC KEY";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int MaxSignatureLength = 128;

    private readonly Dictionary<string, byte[]> _keys = options.PublicKeys.ToDictionary(
        key => key.Key, key => ReadPublicKey(key.Value)!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Determines why a report is not signed correctly. Returns null if it is.</summary>
    public string? FindFault(IHeaderDictionary headers, byte[] body)
    {
        if (GetSingle(headers[IdentifierHeader]) is not { } identifier || GetSingle(headers[SignatureHeader]) is not { } text)
        {
            return "it has no signature";
        }

        if (!_keys.TryGetValue(identifier, out var publicKey))
        {
            return "the identifier of its public key is not in LeakReports:PublicKeys";
        }

        Span<byte> signature = stackalloc byte[MaxSignatureLength];
        if (text.Length > MaxSignatureLength || !Convert.TryFromBase64String(text, signature, out var length))
        {
            return "its signature is not Base64";
        }

        using var verifier = ECDsa.Create();
        verifier.ImportSubjectPublicKeyInfo(publicKey, out _);
        return verifier.VerifyData(body, signature[..length], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            ? null
            : "its signature does not match";
    }

    /// <summary>Reads a text that is one public key in PEM and nothing else, so that no private key is accepted.</summary>
    /// <returns>The key, or null if the text is something else.</returns>
    public static byte[]? ReadPublicKey(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields)
            || pem[fields.Label] != PublicKeyLabel
            || !pem.AsSpan()[..fields.Location.Start].IsWhiteSpace()
            || !pem.AsSpan()[fields.Location.End..].IsWhiteSpace())
        {
            return null;
        }

        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true, Oid.Value: P256 }
                ? key.ExportSubjectPublicKeyInfo()
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static string? GetSingle(StringValues values) => values is [{ Length: > 0 } value] ? value : null;
}
