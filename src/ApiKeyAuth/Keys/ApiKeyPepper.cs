using System.Security.Cryptography;

namespace ApiKeyAuth.Keys;

/// <summary>Represents a secret of the app that is part of the hashes of keys and is kept outside the store.</summary>
/// <remarks>An attacker who steals the store but not the pepper can neither find the hash of a known secret nor add a usable key.</remarks>
public sealed class ApiKeyPepper
{
    private const int MinLength = 32;
    private readonly byte[] _secret;

    /// <summary>Initializes a pepper.</summary>
    /// <param name="id">The name in stored hashes: 1 to 64 of the characters <c>A-Z a-z 0-9 . _ -</c>.</param>
    /// <param name="secret">At least 32 random bytes. The bytes are copied.</param>
    /// <param name="retired">Whether the pepper only verifies existing hashes. The default is <see langword="false"/>.</param>
    /// <exception cref="ArgumentException">The ID contains another character, or the secret is too short.</exception>
    public ApiKeyPepper(string id, ReadOnlySpan<byte> secret, bool retired = false)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!ApiKeyHash.IsPepperId(id))
        {
            throw new ArgumentException("A pepper ID must be 1 to 64 of the characters A-Z a-z 0-9 . _ -", nameof(id));
        }

        if (secret.Length < MinLength)
        {
            throw new ArgumentException(
                $"The pepper {id} is {secret.Length} bytes long: use at least {MinLength} random bytes.", nameof(secret));
        }

        Id = id;
        Retired = retired;
        _secret = secret.ToArray();
    }

    /// <summary>Gets the name of the pepper in stored hashes.</summary>
    public string Id { get; }

    /// <summary>Gets a value indicating whether the pepper only verifies existing hashes.</summary>
    public bool Retired { get; }

    /// <summary>Returns the type name and the ID.</summary>
    public override string ToString() => $"ApiKeyPepper {Id}";

    internal ApiKeyHash Hash(ReadOnlySpan<byte> digest)
    {
        Span<byte> mac = stackalloc byte[ApiKeyHash.Length];
        HMACSHA256.HashData(_secret, digest, mac);
        return new ApiKeyHash(mac, Id);
    }
}
