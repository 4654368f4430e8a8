using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Keys.Hashes;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Represents an algorithm of an app, which hashes <c>prefix.secret</c> with a salt. A test decides when it completes.</summary>
internal sealed class ToyHashAlgorithm : SaltedApiKeyHashAlgorithm, IDisposable
{
    public const string Secret = "Host=db;Password=hunter2";

    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private int _running;
    private int _count;

    public override string Name => "toy";

    /// <summary>Gets the number of verifications that wait for the gate.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Gets the number of verifications so far.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool Throws { get; set; }

    public static string Hash(string key, string salt) =>
        $"{key[..key.IndexOf('.')]}:{salt}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(salt + key)))}";

    public void Close() => _gate.Reset();

    public void Open() => _gate.Set();

    public override string? FindPrefix(ReadOnlySpan<char> key) => key.IndexOf('.') is > 0 and var dot ? key[..dot].ToString() : null;

    public override string? FindHashPrefix(ReadOnlySpan<char> hash) => hash.Count(':') == 2 ? hash[..hash.IndexOf(':')].ToString() : null;

    public override bool Verify(ReadOnlySpan<char> key, string hash)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Increment(ref _running);
        _gate.Wait();
        Interlocked.Decrement(ref _running);
        return Throws
            ? throw new CryptographicException(Secret)
            : CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Hash(key.ToString(), hash.Split(':')[1])), Encoding.ASCII.GetBytes(hash));
    }

    public void Dispose() => _gate.Dispose();
}
