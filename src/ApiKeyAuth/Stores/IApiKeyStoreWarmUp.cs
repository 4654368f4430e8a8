namespace ApiKeyAuth.Stores;

/// <summary>Provides the part of a store's warm-up that only the store itself can run.</summary>
/// <remarks>
/// Optional. While the host starts, before it listens, every store is asked for a key that does not exist, and a writable store for a list
/// of one key. A store that implements this interface is also asked to run the statements of its changes once, so that the first change
/// after a deployment does not pay for compiling them.
/// </remarks>
public interface IApiKeyStoreWarmUp
{
    /// <summary>Runs the statements that add and change keys once, and rolls them back.</summary>
    /// <remarks>An exception is logged by its type, and the host starts.</remarks>
    /// <param name="cancellationToken">The token that is canceled if the warm-up takes too long or the host stops.</param>
    ValueTask WarmUpAsync(CancellationToken cancellationToken);
}
