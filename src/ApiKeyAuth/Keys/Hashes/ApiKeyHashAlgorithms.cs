namespace ApiKeyAuth.Keys.Hashes;

/// <summary>Provides the hash algorithms of other systems.</summary>
public static class ApiKeyHashAlgorithms
{
    /// <summary>
    /// Gets the algorithm of Seam's prefixed API keys, <c>prefix_short_long</c>: SHA-256 of the long part. A hash is written as
    /// <c>prefix_short_</c> and 64 hexadecimal digits.
    /// </summary>
    public static IApiKeyHashAlgorithm Seam { get; } = new Sha256PartHashAlgorithm { Name = "seam", Separator = '_', AfterLast = true };

    /// <summary>
    /// Gets the algorithm of Laravel Sanctum, <c>id|token</c>: SHA-256 of the token. A hash is written as the ID, <c>|</c> and 64
    /// hexadecimal digits.
    /// </summary>
    public static IApiKeyHashAlgorithm Sanctum { get; } = new Sha256PartHashAlgorithm { Name = "sanctum", Separator = '|' };

    /// <summary>
    /// Gets the algorithm of djangorestframework-api-key from version 3, <c>prefix.secret</c>: SHA-512 of the whole key. A hash is written
    /// as <c>sha512$$</c> and 128 hexadecimal digits.
    /// </summary>
    public static IApiKeyHashAlgorithm DjangoRestFramework { get; } = new DjangoHashAlgorithm();

    /// <summary>
    /// Gets the algorithm of djangorestframework-api-key before version 3, <c>prefix.secret</c>: PBKDF2 of the whole key. A hash is written
    /// as the ID of the row, which is the prefix, a dot and <c>pbkdf2_sha256$iterations$salt$base64</c>.
    /// </summary>
    public static SaltedApiKeyHashAlgorithm DjangoPbkdf2 { get; } = new DjangoPbkdf2HashAlgorithm();

    /// <summary>Gets all algorithms, which the settings select by their names.</summary>
    internal static IReadOnlyList<IApiKeyHashAlgorithm> All { get; } = [Seam, Sanctum, DjangoRestFramework, DjangoPbkdf2];
}
