using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>Represents a lookup from when it is queued until it has its result.</summary>
/// <param name="hashes">The secret, hashed in every accepted way.</param>
/// <param name="queuedAt">The timestamp at which it was queued.</param>
internal sealed class PendingLoad(IReadOnlyList<ApiKeyHash> hashes, long queuedAt)
{
    private readonly TaskCompletionSource<LoadedApiKey> _result = new();

    public IReadOnlyList<ApiKeyHash> Hashes { get; } = hashes;

    public long QueuedAt { get; } = queuedAt;

    public Task<LoadedApiKey> Result => _result.Task;

    /// <summary>Sets the result. Continuations run on the calling thread.</summary>
    public void Complete(in LoadedApiKey loaded) => _result.SetResult(loaded);
}
