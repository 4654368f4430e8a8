using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>Signs as the Standard Webhooks specification says: HMAC-SHA-256 over <c>id.timestamp.body</c>, once with each secret.</summary>
internal static class WebhookSigner
{
    public const string Prefix = "whsec_";
    private const int MinSecretBytes = 24;
    private const int MaxSecretBytes = 64;

    /// <summary>Reads a secret; null where it is none.</summary>
    public static byte[]? ParseSecret(string? secret)
    {
        if (secret?.StartsWith(Prefix, StringComparison.Ordinal) != true)
        {
            return null;
        }

        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) && length is >= MinSecretBytes and <= MaxSecretBytes ? bytes[..length] : null;
    }

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, long timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }
}
