using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Keys;

/// <summary>Represents the stored hash of a secret: 32 bytes and the version that created them.</summary>
/// <remarks>
/// <see cref="Format"/> writes it as <c>sha256:{64 hex}</c>, <c>hmac-sha256:{pepper ID}:{64 hex}</c> or, for the hash of another system,
/// <c>legacy:{algorithm}:{64 hex}</c>. <see cref="Parse"/> also reads Base64 and Base64url in place of the digits. <see cref="ToString"/>
/// never shows the digest.
/// </remarks>
public sealed class ApiKeyHash : IEquatable<ApiKeyHash>
{
    /// <summary>The length of a digest in bytes.</summary>
    public const int Length = 32;

    private const string Sha256 = "sha256:";
    private const string Hmac = "hmac-sha256:";
    private const string Legacy = "legacy:";

    // Not a character of a pepper ID, so the hash of another system never equals one of the app.
    private const char LegacyMark = '~';
    private readonly Bytes _digest;

    /// <summary>Initializes a hash from its stored parts.</summary>
    /// <param name="digest">Exactly 32 bytes.</param>
    /// <param name="pepperId">The <see cref="PepperId"/> that was stored.</param>
    /// <exception cref="ArgumentException">
    /// The digest is not 32 bytes long, or the ID is empty or contains a character other than <c>A-Z a-z 0-9 . _ -</c>.
    /// </exception>
    public ApiKeyHash(ReadOnlySpan<byte> digest, string? pepperId = null)
    {
        if (digest.Length != Length)
        {
            throw new ArgumentException($"A hash must be {Length} bytes long, but {digest.Length} bytes were passed.", nameof(digest));
        }

        if (pepperId is not null && !IsPepperId(pepperId) && !IsLegacyId(pepperId))
        {
            throw new ArgumentException("A pepper ID must be 1 to 64 of the characters A-Z a-z 0-9 . _ -", nameof(pepperId));
        }

        digest.CopyTo(_digest);
        PepperId = pepperId;
    }

    /// <summary>
    /// Gets the ID of the pepper of this hash, <c>~</c> and <see cref="Algorithm"/> for the hash of another system, or
    /// <see langword="null"/> for plain SHA-256. A store keeps it with the digest.
    /// </summary>
    public string? PepperId { get; }

    /// <summary>
    /// Gets a value indicating whether this is the hash of another system, which the first use of its key replaces.
    /// </summary>
    public bool IsLegacy => PepperId is [LegacyMark, ..];

    /// <summary>Gets the name of the algorithm of another system, or <see langword="null"/> for a hash of the app.</summary>
    public string? Algorithm => IsLegacy ? PepperId![1..] : null;

    /// <summary>Gets the 32 bytes, which a store keeps in a fixed-length binary column.</summary>
    public ReadOnlySpan<byte> Digest => _digest;

    /// <summary>Creates the hash of another system.</summary>
    /// <param name="algorithm">The name of the algorithm.</param>
    /// <param name="digest">The 32 bytes that the algorithm computed or read.</param>
    /// <exception cref="ArgumentException">The name is not valid, or the digest is not 32 bytes long.</exception>
    public static ApiKeyHash CreateLegacy(string algorithm, ReadOnlySpan<byte> digest) =>
        HashAlgorithmRules.IsName(algorithm)
            ? new ApiKeyHash(digest, LegacyMark + algorithm)
            : throw new ArgumentException("The name of an algorithm must be 1 to 32 of the characters a-z 0-9 -", nameof(algorithm));

    /// <summary>Parses the version and the digest as hexadecimal digits of either case, Base64 or Base64url.</summary>
    /// <param name="text">The text to parse.</param>
    /// <exception cref="FormatException">The text is not a hash. The message does not repeat the text.</exception>
    public static ApiKeyHash Parse(string text) =>
        TryParse(text, out var hash)
            ? hash
            : throw new FormatException(
                $"A hash must be \"sha256:\" or \"hmac-sha256:{{pepper ID}}:\" followed by {DigestText.Description}.");

    /// <summary>Parses the version and the digest as hexadecimal digits of either case, Base64 or Base64url.</summary>
    /// <param name="text">The text to parse.</param>
    /// <param name="hash">The hash, or <see langword="null"/> if parsing failed.</param>
    /// <returns><see langword="true"/> if the text was parsed.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ApiKeyHash? hash)
    {
        hash = null;
        if (text is null)
        {
            return false;
        }

        string? pepperId = null;
        ReadOnlySpan<char> encoded;
        if (text.StartsWith(Sha256, StringComparison.Ordinal))
        {
            encoded = text.AsSpan(Sha256.Length);
        }
        else if (text.StartsWith(Hmac, StringComparison.Ordinal) && text.IndexOf(':', Hmac.Length) is > 0 and var colon)
        {
            pepperId = text[Hmac.Length..colon];
            encoded = text.AsSpan(colon + 1);
            if (!IsPepperId(pepperId))
            {
                return false;
            }
        }
        else if (text.StartsWith(Legacy, StringComparison.Ordinal) && text.IndexOf(':', Legacy.Length) is > 0 and var end)
        {
            pepperId = LegacyMark + text[Legacy.Length..end];
            encoded = text.AsSpan(end + 1);
            if (!IsLegacyId(pepperId))
            {
                return false;
            }
        }
        else
        {
            return false;
        }

        var digest = new byte[Length];
        if ( !DigestText.TryRead(encoded, digest))
        {
            return false;
        }

        hash = new ApiKeyHash(digest, pepperId);
        return true;
    }

    /// <summary>Returns the version and the digest as text for configuration files and imports.</summary>
    /// <remarks>A hash does not authenticate a caller, but it identifies the key of a known secret. Keep it out of logs.</remarks>
    public string Format() =>
        (PepperId is null ? Sha256 : IsLegacy ? $"{Legacy}{Algorithm}:" : $"{Hmac}{PepperId}:") + Convert.ToHexStringLower(Digest);

    /// <summary>Determines whether the version and the digest are equal. The digests are compared in constant time.</summary>
    public bool Equals(ApiKeyHash? other) =>
        ReferenceEquals(this, other)
        || (other is not null
        && string.Equals(PepperId, other.PepperId, StringComparison.Ordinal)
        && CryptographicOperations.FixedTimeEquals(Digest, other.Digest));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ApiKeyHash);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(Digest);

    /// <summary>Returns the version without the digest.</summary>
    public override string ToString() => PepperId is null ? "sha256" : IsLegacy ? Legacy + Algorithm : $"hmac-sha256:{PepperId}";

    internal static bool IsPepperId(string id) =>
        id.Length is > 0 and <= 64 && id.AsSpan().IndexOfAnyExcept(PepperIdCharacters) < 0;

    private static bool IsLegacyId(string id) => id is [LegacyMark, ..] && HashAlgorithmRules.IsName(id.AsSpan(1));

    private static readonly System.Buffers.SearchValues<char> PepperIdCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    // Inline, because a separate array would take 24 more bytes for every cached key.
    [InlineArray(Length)]
    private struct Bytes
    {
        private byte _first;
    }
}
