namespace ApiKeyAuth.Alerts;

/// <summary>Keeps what alerts are set, which are open, and which are still to be told. Several nodes share one.</summary>
/// <remarks>The packages of databases bring one. Without it all of this is in the memory of one process and ends with it.</remarks>
public interface IApiKeyAlertStore
{
    /// <summary>Gets what is set, by the subject's name; subjects with nothing set are left out.</summary>
    ValueTask<IReadOnlyDictionary<string, ApiKeyAlertSettings>> GetSettingsAsync(
        IReadOnlyCollection<ApiKeyAlertSubject> subjects, CancellationToken cancellationToken);

    /// <summary>Replaces what is set, or with null removes it. For a key that is gone nothing is set.</summary>
    ValueTask SetSettingsAsync(ApiKeyAlertSubject subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken);

    /// <summary>Begins an episode with its deliveries, in one transaction; where one of its key, kind and matter is open, prolongs that and adds no delivery.</summary>
    /// <remarks>Deliveries to a target that is closed are left out.</remarks>
    /// <returns>Whether it began.</returns>
    ValueTask<bool> OpenIncidentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Ends an episode with its deliveries, in one transaction.</summary>
    /// <returns>False, with nothing done, where it has ended or was prolonged meanwhile.</returns>
    ValueTask<bool> ResolveIncidentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Lists open episodes that are over at a moment, the first over first.</summary>
    ValueTask<IReadOnlyList<ApiKeyAlertIncident>> ListResolvableIncidentsAsync(DateTimeOffset now, int maxCount, CancellationToken cancellationToken);

    /// <summary>Lists open episodes of a kind, in the order of their ids, after one of them.</summary>
    ValueTask<IReadOnlyList<ApiKeyAlertIncident>> ListFiringIncidentsAsync(string kind, Guid? after, int maxCount, CancellationToken cancellationToken);

    /// <summary>Takes deliveries that are due, and puts them off so that no other node takes them meanwhile.</summary>
    /// <param name="targets">The targets this node tells.</param>
    /// <param name="now">The moment; a delivery put off by more than <paramref name="maxDelay"/> counts as due, since the clock was set back.</param>
    /// <param name="claimedUntil">When another may take them.</param>
    /// <param name="maxDelay">The longest that a delivery is ever put off.</param>
    /// <param name="maxCount">How many at the most.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The deliveries as they are now, put off and with one attempt more.</returns>
    ValueTask<IReadOnlyList<ApiKeyAlertDelivery>> ClaimDueAsync(
        IReadOnlyCollection<string> targets, DateTimeOffset now, DateTimeOffset claimedUntil, TimeSpan maxDelay, int maxCount, CancellationToken cancellationToken);

    /// <summary>Puts a delivery that was taken off until a moment, or with null removes it. One that another node took since stays.</summary>
    ValueTask CompleteAsync(ApiKeyAlertDelivery delivery, DateTimeOffset? nextAttemptAt, CancellationToken cancellationToken);

    /// <summary>Closes a target: what it is still to be told is removed, and nothing is added for it.</summary>
    ValueTask DisableTargetAsync(string target, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes deliveries made before a moment, whoever they are for.</summary>
    ValueTask RemoveDeliveriesAsync(DateTimeOffset createdBefore, CancellationToken cancellationToken);
}
