namespace ApiKeyAuth.Stores;

/// <summary>Defines the warm-up of the statements that change keys.</summary>
/// <remarks>
/// Implementing it is optional. While the host starts, and before it listens, every store is queried for a key that does not exist, and a
/// writable store for a list of one key. A store that implements this interface also runs the statements of its changes once, so that the
/// first change after a deployment does not have to wait for their compilation.
/// </remarks>
public interface IApiKeyStoreWarmUp
{
    /// <summary>Runs the statements that add and change keys once, and rolls them back.</summary>
    /// <remarks>If it throws, the type of the exception is logged and the host starts.</remarks>
    /// <param name="cancellationToken">The token that is canceled if the warm-up takes too long or the host stops.</param>
    ValueTask WarmUpAsync(CancellationToken cancellationToken);
}
