using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Stores;

/// <summary>A store that answers as a test says, and counts.</summary>
internal sealed class ScriptedStore(Func<IReadOnlyList<ApiKeyHash>, CancellationToken, ValueTask<ApiKey?>> answer) : IApiKeyStore
{
    private int _calls;

    /// <summary>Finds keys among those given.</summary>
    public ScriptedStore(params ApiKey[] keys)
        : this((hashes, _) => ValueTask.FromResult(Array.Find(keys, key => key.Secrets.Any(secret => hashes.Contains(secret.Hash)))))
    {
    }

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Whether the store throws.</summary>
    public bool IsDown { get; set; }

    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return IsDown ? throw new InvalidOperationException("Host=db;Password=hunter2") : answer(hashes, cancellationToken);
    }
}
