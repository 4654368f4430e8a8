using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>Signs as specified by Standard Webhooks: HMAC-SHA-256 of <c>id.timestamp.body</c>, once per secret.</summary>
internal static class WebhookSigner
{
    public const string Prefix = "whsec_";
    private const int MinSecretBytes = 24;
    private const int MaxSecretBytes = 64;

    /// <summary>Parses a secret. Returns <see langword="null"/> if it is invalid.</summary>
    public static byte[]? ParseSecret(string? secret)
    {
        if (secret?.StartsWith(Prefix, StringComparison.Ordinal) != true)
        {
            return null;
        }

        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length)
            && length is >= MinSecretBytes and <= MaxSecretBytes
            ? bytes[..length]
            : null;
    }

    /// <summary>Computes the value of <c>webhook-signature</c>.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, long timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }
}
