using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ApiKeyAuth.Keys.Hashes;

/// <summary>
/// Represents the algorithm of djangorestframework-api-key before version 3: PBKDF2 of the whole key, as Django stores it.
/// </summary>
internal sealed class DjangoPbkdf2HashAlgorithm : SaltedApiKeyHashAlgorithm
{
    /// <summary>The maximum number of iterations, ten times as many as Django uses. One verification then takes a few seconds.</summary>
    public const int MaxIterations = 10_000_000;

    private const char Separator = '.';
    private const string Head = "pbkdf2_sha256$";

    public override string Name => "django-pbkdf2";

    public override string? FindPrefix(ReadOnlySpan<char> key)
    {
        var dot = key.IndexOf(Separator);
        return dot is > 0 and <= ApiKeySaltedHash.MaxPrefixLength && dot < key.Length - 1 ? key[..dot].ToString() : null;
    }

    public override string? FindHashPrefix(ReadOnlySpan<char> hash) =>
        hash.IndexOf(Separator) is > 0 and var dot && TryRead(hash[(dot + 1)..], out _, out _, stackalloc byte[SHA256.HashSizeInBytes])
            ? hash[..dot].ToString()
            : null;

    public override bool Verify(ReadOnlySpan<char> key, string hash)
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> password = stackalloc byte[ApiKeyHasher.MaxSecretLength];
        if (key.Length > password.Length
            || !TryRead(hash.AsSpan(hash.IndexOf(Separator, StringComparison.Ordinal) + 1), out var iterations, out var salt, expected))
        {
            return false;
        }

        var length = Encoding.ASCII.GetBytes(key, password);
        Rfc2898DeriveBytes.Pbkdf2(password[..length], Encoding.ASCII.GetBytes(salt), actual, iterations, HashAlgorithmName.SHA256);
        CryptographicOperations.ZeroMemory(password);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }

    /// <summary>Reads <c>pbkdf2_sha256$iterations$salt$base64</c>.</summary>
    private static bool TryRead(ReadOnlySpan<char> text, out int iterations, out string salt, Span<byte> hash)
    {
        (iterations, salt) = (0, "");
        Span<Range> parts = stackalloc Range[4];
        if (!text.StartsWith(Head) || text[Head.Length..].Split(parts, '$') != 3)
        {
            return false;
        }

        var values = text[Head.Length..];
        salt = values[parts[1]].ToString();
        return int.TryParse(values[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            && iterations is > 0 and <= MaxIterations
            && salt.Length > 0
            && Convert.TryFromBase64Chars(values[parts[2]], hash, out var written)
            && written == SHA256.HashSizeInBytes;
    }
}
