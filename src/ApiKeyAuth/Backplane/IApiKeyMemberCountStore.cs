namespace ApiKeyAuth.Backplane;

/// <summary>Defines a store of the last known number of nodes. Nodes that start without the backplane divide limits by it.</summary>
/// <remarks>
/// Implementing it is optional; the database packages have an implementation. Both methods are called in the background or at startup,
/// never for a request, and may throw.
/// </remarks>
public interface IApiKeyMemberCountStore
{
    /// <summary>Gets the stored number of nodes, or <see langword="null"/> if none was stored.</summary>
    /// <param name="cancellationToken">The token that is canceled when the store has taken too long.</param>
    ValueTask<int?> GetMemberCountAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the stored number of nodes.</summary>
    /// <param name="count">The number of nodes. It is at least 1.</param>
    /// <param name="cancellationToken">The token that is canceled when the store has taken too long.</param>
    ValueTask SetMemberCountAsync(int count, CancellationToken cancellationToken);
}
