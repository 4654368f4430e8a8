using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Stores;

/// <summary>Represents a store that runs a function of the test and counts its calls.</summary>
internal sealed class ScriptedStore(Func<IReadOnlyList<ApiKeyHash>, CancellationToken, ValueTask<ApiKey?>> answer) : IApiKeyStore
{
    private int _calls;

    /// <summary>Initializes a store that contains keys.</summary>
    public ScriptedStore(params ApiKey[] keys)
        : this((hashes, _) => ValueTask.FromResult(Array.Find(keys, key => key.Secrets.Any(secret => hashes.Contains(secret.Hash)))))
    {
    }

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Gets or sets whether the store throws.</summary>
    public bool IsDown { get; set; }

    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return IsDown ? throw new InvalidOperationException("Host=db;Password=hunter2") : answer(hashes, cancellationToken);
    }
}
