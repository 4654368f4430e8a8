using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Keys.Hashes;

namespace ApiKeyAuth.Keys;

/// <summary>Computes the hashes by which a store finds keys.</summary>
/// <remarks>
/// A key has at least 128 random bits, so one round of SHA-256 is enough (NIST SP 800-63B §5.1.2.2 requires a slow hash below 112 bits).
/// A peppered hash is HMAC-SHA-256 of the SHA-256 digest and not of the secret. An imported SHA-256 hash can therefore be upgraded
/// without its secret, and only one method reads the secret.
/// </remarks>
public sealed class ApiKeyHasher
{
    /// <summary>The length of the longest secret in characters.</summary>
    public const int MaxSecretLength = 512;

    [ThreadStatic]
    private static IncrementalHash? _sha;

    private readonly ApiKeyPepper? _current;
    private readonly ApiKeyPepper[] _retired;
    private readonly IApiKeyHashAlgorithm[] _algorithms;

    /// <summary>Initializes a hasher.</summary>
    /// <param name="peppers">
    /// The peppers, of which at most one is not retired. New hashes use that one, or plain SHA-256 if there is none.
    /// </param>
    /// <param name="acceptUnpeppered">
    /// Whether keys that are stored as plain SHA-256 are found. The default is <see langword="true"/> without a current pepper.
    /// </param>
    /// <param name="algorithms">
    /// The algorithms of other systems, whose keys are found until their first use. The default is null, for none.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two peppers are current or have the same ID, new hashes would be plain SHA-256, which is not accepted, or the name of an algorithm
    /// is not valid or not unique.
    /// </exception>
    public ApiKeyHasher(
        IEnumerable<ApiKeyPepper> peppers, bool? acceptUnpeppered = null, IEnumerable<IApiKeyHashAlgorithm>? algorithms = null)
    {
        ArgumentNullException.ThrowIfNull(peppers);
        var all = peppers.ToArray();
        var current = Array.FindAll(all, pepper => !pepper.Retired);
        if (current.Length > 1)
        {
            throw new ArgumentException(
                $"The peppers {string.Join(", ", current.Select(pepper => pepper.Id))} are all current: retire all but one.",
                nameof(peppers));
        }

        if (all.CountBy(pepper => pepper.Id, StringComparer.Ordinal).FirstOrDefault(count => count.Value > 1).Key is { } id)
        {
            throw new ArgumentException($"Two peppers have the ID {id}: give each its own ID.", nameof(peppers));
        }

        _current = current.FirstOrDefault();
        _retired = Array.FindAll(all, pepper => pepper.Retired);
        AcceptUnpeppered = acceptUnpeppered ?? _current is null;
        if (_current is null && !AcceptUnpeppered)
        {
            throw new ArgumentException(
                "Without a current pepper new hashes are plain SHA-256, which must be accepted: add a pepper.", nameof(acceptUnpeppered));
        }

        _algorithms = [.. algorithms ?? []];
        if (HashAlgorithmRules.FindErrors(_algorithms) is [var error, ..])
        {
            throw new ArgumentException(error, nameof(algorithms));
        }
    }

    /// <summary>Gets a value indicating whether keys that are stored as plain SHA-256 are found.</summary>
    /// <remarks>
    /// If there is a pepper as well, an attacker who can write to the store can add a key of their own. Turn it off once imported hashes
    /// are upgraded.
    /// </remarks>
    public bool AcceptUnpeppered { get; }

    /// <summary>Computes the SHA-256 digest of a secret without allocating memory.</summary>
    /// <param name="secret">The whole secret, at most 512 ASCII characters.</param>
    /// <param name="destination">The buffer for the digest, at least 32 bytes.</param>
    /// <exception cref="ArgumentException">The secret is too long or not ASCII, or the destination is too short.</exception>
    public static void ComputeDigest(ReadOnlySpan<char> secret, Span<byte> destination)
    {
        if (secret.Length > MaxSecretLength)
        {
            throw new ArgumentException(
                $"A secret must be at most {MaxSecretLength} characters long, but {secret.Length} characters were passed.", nameof(secret));
        }

        Span<byte> ascii = stackalloc byte[MaxSecretLength];
        try
        {
            HashAscii(secret, ascii, destination);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii[..secret.Length]);
        }
    }

    /// <summary>Computes the SHA-256 digest of a whole secret, for <see cref="GetCandidates(ReadOnlySpan{byte})"/>.</summary>
    internal static byte[] ComputeDigest(ReadOnlySpan<char> secret)
    {
        var digest = new byte[ApiKeyHash.Length];
        ComputeDigest(secret, digest);
        return digest;
    }

    /// <summary>Computes the hash of a secret for the store.</summary>
    /// <param name="secret">The whole secret, at most 512 ASCII characters.</param>
    /// <returns>The hash with the current pepper, or plain SHA-256 if there is none.</returns>
    /// <exception cref="ArgumentException">The secret is longer than 512 characters or not ASCII.</exception>
    public ApiKeyHash Hash(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> digest = stackalloc byte[ApiKeyHash.Length];
        ComputeDigest(secret, digest);
        return Hash(digest);
    }

    /// <summary>Computes the hash for the store from the SHA-256 digest of a secret, for example to upgrade an imported hash.</summary>
    /// <param name="digest">The digest, exactly 32 bytes.</param>
    /// <returns>The hash with the current pepper, or plain SHA-256 if there is none.</returns>
    /// <exception cref="ArgumentException">The digest is not 32 bytes long.</exception>
    public ApiKeyHash Hash(ReadOnlySpan<byte> digest)
    {
        var plain = new ApiKeyHash(digest);
        return _current is null ? plain : _current.Hash(digest);
    }

    /// <summary>Computes every hash of the app under which a secret may be stored.</summary>
    /// <param name="digest">The digest, exactly 32 bytes.</param>
    /// <returns>The hashes with the current and each retired pepper, and the plain hash if it is accepted.</returns>
    /// <exception cref="ArgumentException">The digest is not 32 bytes long.</exception>
    public IReadOnlyList<ApiKeyHash> GetCandidates(ReadOnlySpan<byte> digest)
    {
        var plain = new ApiKeyHash(digest);
        var candidates = new List<ApiKeyHash>(_retired.Length + 2);
        if (_current is not null)
        {
            candidates.Add(_current.Hash(digest));
        }

        foreach (var pepper in _retired)
        {
            candidates.Add(pepper.Hash(digest));
        }

        if (AcceptUnpeppered)
        {
            candidates.Add(plain);
        }

        return candidates;
    }

    /// <summary>Computes every hash under which a secret may be stored, including those of other systems.</summary>
    /// <param name="secret">The whole secret, at most 512 ASCII characters.</param>
    /// <exception cref="ArgumentException">The secret is longer than 512 characters or not ASCII.</exception>
    public IReadOnlyList<ApiKeyHash> GetCandidates(ReadOnlySpan<char> secret)
    {
        var digests = ComputeDigests(secret);
        return [.. GetCandidates(digests.Sha256), .. digests.Legacy];
    }

    /// <summary>Gets the algorithms of other systems.</summary>
    internal IReadOnlyList<IApiKeyHashAlgorithm> Algorithms => _algorithms;

    internal IApiKeyHashAlgorithm? FindAlgorithm(string? name) => Array.Find(_algorithms, algorithm => algorithm.Name == name);

    internal SecretDigests ComputeDigests(ReadOnlySpan<char> secret)
    {
        var sha256 = ComputeDigest(secret);
        if (_algorithms.Length == 0)
        {
            return new SecretDigests(sha256);
        }

        var legacy = new List<ApiKeyHash>(_algorithms.Length);
        Span<byte> hash = stackalloc byte[ApiKeyHash.Length];
        foreach (var algorithm in _algorithms)
        {
            if (algorithm.TryComputeHash(secret, hash))
            {
                legacy.Add(ApiKeyHash.CreateLegacy(algorithm.Name, hash));
            }
        }

        return new SecretDigests(sha256, [.. legacy]) { Prefixed = FindPrefixes(secret) };
    }

    /// <summary>Finds the prefixes by which the salted hash of a secret may be stored.</summary>
    /// <returns>Null if no algorithm can have hashed it with a salt.</returns>
    internal PrefixedSecret? FindPrefixes(ReadOnlySpan<char> secret)
    {
        var prefixes = new List<(SaltedApiKeyHashAlgorithm, string)>();
        foreach (var algorithm in _algorithms.OfType<SaltedApiKeyHashAlgorithm>())
        {
            if (algorithm.FindPrefix(secret) is { } prefix && ApiKeySaltedHash.IsValid(prefix, ApiKeySaltedHash.MaxPrefixLength))
            {
                prefixes.Add((algorithm, prefix));
            }
        }

        return prefixes.Count == 0 ? null : new PrefixedSecret(secret.ToString(), prefixes);
    }

    /// <summary>Reads the hash of another system, written as the name of its algorithm, a colon, and what that system stores.</summary>
    internal ApiKeyHash? ReadLegacyHash(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : ReadLegacyHash(FindAlgorithm(text[..colon]), text.AsSpan(colon + 1));
    }

    internal static ApiKeyHash? ReadLegacyHash(IApiKeyHashAlgorithm? algorithm, ReadOnlySpan<char> stored)
    {
        Span<byte> hash = stackalloc byte[ApiKeyHash.Length];
        return algorithm?.TryReadHash(stored, hash) == true ? ApiKeyHash.CreateLegacy(algorithm.Name, hash) : null;
    }

    /// <summary>Determines whether a lookup by a secret can find a stored hash.</summary>
    internal bool CanFind(ApiKeyHash hash) =>
        hash.IsLegacy ? FindAlgorithm(hash.Algorithm) is not null
        : hash.PepperId is not { } id
            ? AcceptUnpeppered
            : _current?.Id == id || Array.Exists(_retired, pepper => pepper.Id == id);

    private static void HashAscii(ReadOnlySpan<char> secret, Span<byte> ascii, Span<byte> destination)
    {
        if (Ascii.FromUtf16(secret, ascii, out var written) != OperationStatus.Done)
        {
            throw new ArgumentException("A secret must consist of ASCII characters.", nameof(secret));
        }

        // One instance per thread: creating one for each key took a third of the time.
        var sha = _sha ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(ascii[..written]);
        sha.GetHashAndReset(destination);
    }
}
