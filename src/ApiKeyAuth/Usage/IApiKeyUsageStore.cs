namespace ApiKeyAuth.Usage;

/// <summary>Defines a store that also records the usage of its keys. Keys of other stores are not counted.</summary>
/// <remarks>
/// Several nodes write to one store. Usage is added by increments: it does not change keys, does not restore deleted keys, and does not
/// move a time of last use back.
/// </remarks>
public interface IApiKeyUsageStore
{
    /// <summary>
    /// Adds a batch in one transaction: to the total and last use of each key, the last use of its secrets, and its history.
    /// </summary>
    /// <remarks>
    /// A batch whose ID was already stored changes nothing. Usage of deleted keys is skipped. If the store throws a
    /// <see cref="System.Data.ConstraintException"/>, nothing of the batch is stored: it is divided and added again in parts with their own
    /// IDs, and a single row that is rejected is dropped. Other exceptions are treated as outages: the same batch is added again.
    /// </remarks>
    ValueTask AddUsageAsync(ApiKeyUsageBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads a part of a key's history. The history of a deleted key is empty.</summary>
    ValueTask<ApiKeyUsageHistory> GetUsageAsync(ApiKeyUsageFilter filter, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the requests of several keys in a time range, by hour or day and outcome, earliest first. Keys without requests are omitted.
    /// </summary>
    /// <remarks>The default implementation reads one key after another. A store of a database reads all of them in one query.</remarks>
    /// <param name="keyIds">The IDs of the keys.</param>
    /// <param name="since">The start of the time range, inclusive.</param>
    /// <param name="until">The end of the time range, exclusive.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The requests by key ID.</returns>
    async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>> ListUsageAsync(
        IReadOnlyCollection<string> keyIds, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keyIds);
        var usage = new Dictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>(StringComparer.Ordinal);
        foreach (var keyId in keyIds)
        {
            var history = await GetUsageAsync(new ApiKeyUsageFilter { KeyId = keyId, From = since, To = until }, cancellationToken);
            if (history.Periods.Count > 0)
            {
                usage[keyId] = history.Periods;
            }
        }

        return usage;
    }

    /// <summary>Determines whether a key was used in a time range, and from which of the given countries and networks.</summary>
    ValueTask<ApiKeyUsageOrigins> GetUsageOriginsAsync(
        ApiKeyUsageFilter filter,
        IReadOnlyCollection<string> countries,
        IReadOnlyCollection<string> networks,
        CancellationToken cancellationToken);

    /// <summary>
    /// Combines old hours into days, and deletes old days and batch IDs. Each call does a part of the work, so that transactions are short.
    /// </summary>
    /// <remarks>Totals do not change. Several nodes may call it at the same time.</remarks>
    /// <returns><see langword="true"/> if there is more work; otherwise, <see langword="false"/>.</returns>
    ValueTask<bool> RollUpUsageAsync(ApiKeyUsageRetention retention, CancellationToken cancellationToken);
}
