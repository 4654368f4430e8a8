using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ApiKeyAuth.Keys;

/// <summary>Makes the hashes by which a store finds keys.</summary>
/// <remarks>
/// A key has at least 128 random bits, so one round of SHA-256 is enough (NIST SP 800-63B §5.1.2.2 asks for a slow hash only below 112). A
/// peppered hash is HMAC-SHA-256 over the SHA-256 digest, not over the secret: so an imported SHA-256 hash is upgraded without its secret, and
/// the secret never leaves the stack of the one method that reads it.
/// </remarks>
public sealed class ApiKeyHasher
{
    /// <summary>The longest secret in characters.</summary>
    public const int MaxSecretLength = 512;

    [ThreadStatic]
    private static IncrementalHash? _sha;

    private readonly ApiKeyPepper? _current;
    private readonly ApiKeyPepper[] _retired;

    /// <summary>Makes a hasher.</summary>
    /// <param name="peppers">At most one that is not retired, which goes into new hashes; none for plain SHA-256.</param>
    /// <param name="acceptUnpeppered">Whether keys stored as plain SHA-256 are found too; by default only without a current pepper.</param>
    /// <exception cref="ArgumentException">Two peppers are current or share an id, or new hashes would be plain and not be found.</exception>
    public ApiKeyHasher(IEnumerable<ApiKeyPepper> peppers, bool? acceptUnpeppered = null)
    {
        ArgumentNullException.ThrowIfNull(peppers);
        var all = peppers.ToArray();
        var current = Array.FindAll(all, pepper => !pepper.Retired);
        if (current.Length > 1)
        {
            throw new ArgumentException(
                $"The peppers {string.Join(", ", current.Select(pepper => pepper.Id))} are all current: retire all but one.", nameof(peppers));
        }

        if (all.CountBy(pepper => pepper.Id, StringComparer.Ordinal).FirstOrDefault(same => same.Value > 1).Key is { } id)
        {
            throw new ArgumentException($"Two peppers have the id {id}: give each its own.", nameof(peppers));
        }

        _current = current.FirstOrDefault();
        _retired = Array.FindAll(all, pepper => pepper.Retired);
        AcceptUnpeppered = acceptUnpeppered ?? _current is null;
        if (_current is null && !AcceptUnpeppered)
        {
            throw new ArgumentException("Without a current pepper new hashes are plain SHA-256 and must be accepted: add a pepper.", nameof(acceptUnpeppered));
        }
    }

    /// <summary>Whether keys stored as plain SHA-256 are found.</summary>
    /// <remarks>Beside a pepper this lets in whoever can write a row into the store: turn it off once imported hashes are upgraded.</remarks>
    public bool AcceptUnpeppered { get; }

    /// <summary>Computes the SHA-256 digest of the ASCII of a whole secret, on the stack.</summary>
    /// <param name="secret">At most 512 ASCII characters.</param>
    /// <param name="destination">At least 32 bytes.</param>
    /// <exception cref="ArgumentException">The secret is longer or holds another character, or the destination is shorter.</exception>
    public static void ComputeDigest(ReadOnlySpan<char> secret, Span<byte> destination)
    {
        if (secret.Length > MaxSecretLength)
        {
            throw new ArgumentException($"A secret is at most {MaxSecretLength} characters long; {secret.Length} were given.", nameof(secret));
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

    /// <summary>Computes the SHA-256 digest of a whole secret, for <see cref="GetCandidates"/>.</summary>
    internal static byte[] ComputeDigest(ReadOnlySpan<char> secret)
    {
        var digest = new byte[ApiKeyHash.Length];
        ComputeDigest(secret, digest);
        return digest;
    }

    /// <summary>Makes the hash of a secret for storing.</summary>
    /// <exception cref="ArgumentException">The secret is longer than 512 characters or not ASCII.</exception>
    public ApiKeyHash Hash(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> digest = stackalloc byte[ApiKeyHash.Length];
        ComputeDigest(secret, digest);
        return Hash(digest);
    }

    /// <summary>Makes the hash for storing from the SHA-256 digest of a secret, which is how imported hashes are upgraded.</summary>
    /// <exception cref="ArgumentException">The digest is not 32 bytes long.</exception>
    public ApiKeyHash Hash(ReadOnlySpan<byte> digest)
    {
        var plain = new ApiKeyHash(digest);
        return _current is null ? plain : _current.Hash(digest);
    }

    /// <summary>Makes every hash under which a secret may be stored: with the current pepper, with each retired one, and plain where that is accepted.</summary>
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

    /// <summary>Tells whether a stored hash is one that <see cref="GetCandidates"/> makes: its pepper is there, or plain hashes are accepted.</summary>
    internal bool CanFind(ApiKeyHash hash) =>
        hash.PepperId is not { } id ? AcceptUnpeppered : _current?.Id == id || Array.Exists(_retired, pepper => pepper.Id == id);

    private static void HashAscii(ReadOnlySpan<char> secret, Span<byte> ascii, Span<byte> destination)
    {
        if (Ascii.FromUtf16(secret, ascii, out var written) != OperationStatus.Done)
        {
            throw new ArgumentException("A secret is ASCII; another character was given.", nameof(secret));
        }

        // Kept for the thread: making one for each key took a third of the time.
        var sha = _sha ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(ascii[..written]);
        sha.GetHashAndReset(destination);
    }
}
