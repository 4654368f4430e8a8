namespace ApiKeyAuth.Usage;

/// <summary>A store that keeps, beside its keys, how they were used. A store without it serves keys that are not counted.</summary>
/// <remarks>
/// Several nodes write to one store. Usage is added by increments: no key is changed by it, none that is gone comes back, and no
/// moment of last use goes back.
/// </remarks>
public interface IApiKeyUsageStore
{
    /// <summary>Adds a batch in one transaction: to each key's total and last use, to its secrets' last use, and to its history.</summary>
    /// <remarks>A batch whose id was stored before changes nothing. Uses of keys that are gone are skipped.</remarks>
    ValueTask AddUsageAsync(ApiKeyUsageBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads a part of a key's history; that of a key that is gone is empty.</summary>
    ValueTask<ApiKeyUsageHistory> GetUsageAsync(ApiKeyUsageFilter filter, CancellationToken cancellationToken);

    /// <summary>Tells whether a key was used in a span, and from which of some countries and networks.</summary>
    ValueTask<ApiKeyUsageOrigins> GetUsageOriginsAsync(
        ApiKeyUsageFilter filter, IReadOnlyCollection<string> countries, IReadOnlyCollection<string> networks, CancellationToken cancellationToken);

    /// <summary>Turns old hours into days, and deletes old days and batch ids: a piece of the work, so that no transaction is long.</summary>
    /// <remarks>Totals stay as they are. Several nodes may do it at once.</remarks>
    /// <returns>Whether there is more to do.</returns>
    ValueTask<bool> RollUpUsageAsync(ApiKeyUsageRetention retention, CancellationToken cancellationToken);
}
