namespace ApiKeyAuth.Caching;

/// <summary>Tells every node that a key was changed, for an app that changes keys in a store of its own; the manager does it by itself.</summary>
public interface IApiKeyInvalidator
{
    /// <summary>Whether there is a bus; without one, other nodes act on a change when what they remember of the key has had its time.</summary>
    bool HasBackplane { get; }

    /// <summary>Forgets what is remembered of a key, here and on every other node, and waits until no node can admit a request by it.</summary>
    /// <remarks>Call it after the change is stored. It takes one lease at most, and no longer than the other nodes take where all is well.</remarks>
    /// <returns>False where other nodes could not be told within one lease; it is then tried again until they are.</returns>
    Task<bool> InvalidateAsync(string keyId, CancellationToken cancellationToken = default);
}
