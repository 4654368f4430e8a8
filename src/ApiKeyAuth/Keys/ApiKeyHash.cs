using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace ApiKeyAuth.Keys;

/// <summary>What a store keeps of a secret: 32 bytes and the version that made them.</summary>
/// <remarks>
/// Written <c>sha256:{64 hex}</c> or <c>hmac-sha256:{pepper id}:{64 hex}</c> by <see cref="Format"/>. <see cref="ToString"/> never shows it.
/// </remarks>
public sealed class ApiKeyHash : IEquatable<ApiKeyHash>
{
    /// <summary>The length of a digest in bytes.</summary>
    public const int Length = 32;

    private const string Sha256 = "sha256:";
    private const string Hmac = "hmac-sha256:";
    private readonly Bytes _digest;

    /// <summary>Makes a hash from its stored parts.</summary>
    /// <param name="digest">Exactly 32 bytes.</param>
    /// <param name="pepperId">The id of the pepper that made an HMAC, or null for plain SHA-256.</param>
    /// <exception cref="ArgumentException">The digest is not 32 bytes long, or the id is empty or holds a character outside <c>A-Z a-z 0-9 . _ -</c>.</exception>
    public ApiKeyHash(ReadOnlySpan<byte> digest, string? pepperId = null)
    {
        if (digest.Length != Length)
        {
            throw new ArgumentException($"A hash is {Length} bytes long; {digest.Length} were given.", nameof(digest));
        }

        if (pepperId is not null && !IsPepperId(pepperId))
        {
            throw new ArgumentException("A pepper's id is 1 to 64 of A-Z a-z 0-9 . _ -", nameof(pepperId));
        }

        digest.CopyTo(_digest);
        PepperId = pepperId;
    }

    /// <summary>The id of the pepper that made this hash, or null for plain SHA-256.</summary>
    public string? PepperId { get; }

    /// <summary>The 32 bytes, for a store to keep in a fixed binary column.</summary>
    public ReadOnlySpan<byte> Digest => _digest;

    /// <summary>Reads the form that <see cref="Format"/> writes.</summary>
    /// <exception cref="FormatException">The text is not such a form; the message does not repeat it.</exception>
    public static ApiKeyHash Parse(string text) =>
        TryParse(text, out var hash) ? hash : throw new FormatException("A hash is \"sha256:\" or \"hmac-sha256:{pepper ID}:\" and 64 hexadecimal digits.");

    /// <summary>Reads the form that <see cref="Format"/> writes.</summary>
    /// <returns><see langword="false"/> if the text is not such a form.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ApiKeyHash? hash)
    {
        hash = null;
        if (text is null)
        {
            return false;
        }

        string? pepperId = null;
        ReadOnlySpan<char> hex;
        if (text.StartsWith(Sha256, StringComparison.Ordinal))
        {
            hex = text.AsSpan(Sha256.Length);
        }
        else if (text.StartsWith(Hmac, StringComparison.Ordinal) && text.IndexOf(':', Hmac.Length) is > 0 and var end)
        {
            pepperId = text[Hmac.Length..end];
            hex = text.AsSpan(end + 1);
        }
        else
        {
            return false;
        }

        var digest = new byte[Length];
        if (hex.Length != Length * 2 || (pepperId is not null && !IsPepperId(pepperId))
            || Convert.FromHexString(hex, digest, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        hash = new ApiKeyHash(digest, pepperId);
        return true;
    }

    /// <summary>Writes the version and the digest, for configuration files and import.</summary>
    /// <remarks>A hash lets nobody in, but it names a key to whoever can guess it: keep it out of logs.</remarks>
    public string Format() =>
        (PepperId is null ? Sha256 : $"{Hmac}{PepperId}:") + Convert.ToHexStringLower(Digest);

    /// <summary>Compares version and digest, the digest in constant time.</summary>
    public bool Equals(ApiKeyHash? other) =>
        ReferenceEquals(this, other)
        || (other is not null
        && string.Equals(PepperId, other.PepperId, StringComparison.Ordinal)
        && CryptographicOperations.FixedTimeEquals(Digest, other.Digest));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ApiKeyHash);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(Digest);

    /// <summary>Names the version only.</summary>
    public override string ToString() => PepperId is null ? "sha256" : $"hmac-sha256:{PepperId}";

    internal static bool IsPepperId(string id) =>
        id.Length is > 0 and <= 64 && id.AsSpan().IndexOfAnyExcept(PepperIdCharacters) < 0;

    private static readonly System.Buffers.SearchValues<char> PepperIdCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    // Part of the object: an array of its own took 24 bytes more, a hash for every known key.
    [InlineArray(Length)]
    private struct Bytes
    {
        private byte _first;
    }
}
