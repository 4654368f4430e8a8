using System.Security.Cryptography;

namespace ApiKeyAuth.Keys;

/// <summary>A secret of the app itself, kept outside the store, that goes into the hashes of keys.</summary>
/// <remarks>Whoever steals the store without the pepper can neither look for a key's hash nor make a row that lets him in.</remarks>
public sealed class ApiKeyPepper
{
    private const int MinLength = 32;
    private readonly byte[] _secret;

    /// <summary>Makes a pepper.</summary>
    /// <param name="id">Its name in stored hashes: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</param>
    /// <param name="secret">At least 32 random bytes, which are copied.</param>
    /// <param name="retired">Whether it only verifies hashes made before.</param>
    /// <exception cref="ArgumentException">The id holds another character, or the secret is shorter.</exception>
    public ApiKeyPepper(string id, ReadOnlySpan<byte> secret, bool retired = false)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!ApiKeyHash.IsPepperId(id))
        {
            throw new ArgumentException("A pepper's id is 1 to 64 of A-Z a-z 0-9 . _ -", nameof(id));
        }

        if (secret.Length < MinLength)
        {
            throw new ArgumentException(
                $"The pepper {id} is {secret.Length} bytes long: give it at least {MinLength} random bytes.", nameof(secret));
        }

        Id = id;
        Retired = retired;
        _secret = secret.ToArray();
    }

    /// <summary>Its name in stored hashes.</summary>
    public string Id { get; }

    /// <summary>Whether it only verifies hashes made before.</summary>
    public bool Retired { get; }

    /// <summary>Names the id only.</summary>
    public override string ToString() => $"ApiKeyPepper {Id}";

    internal ApiKeyHash Hash(ReadOnlySpan<byte> digest)
    {
        Span<byte> mac = stackalloc byte[ApiKeyHash.Length];
        HMACSHA256.HashData(_secret, digest, mac);
        return new ApiKeyHash(mac, Id);
    }
}
