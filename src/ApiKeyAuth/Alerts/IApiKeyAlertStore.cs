namespace ApiKeyAuth.Alerts;

/// <summary>Defines a store of alert settings, open incidents and pending deliveries. Several nodes share a store.</summary>
/// <remarks>The database packages have an implementation. The default store is in the memory of the process.</remarks>
public interface IApiKeyAlertStore
{
    /// <summary>Gets the settings by name of the subject. Subjects without settings are omitted.</summary>
    ValueTask<IReadOnlyDictionary<string, ApiKeyAlertSettings>> GetSettingsAsync(
        IReadOnlyCollection<ApiKeyAlertSubject> subjects, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the settings, or removes them if they are <see langword="null"/>. Settings of deleted keys are not saved.
    /// </summary>
    ValueTask SetSettingsAsync(ApiKeyAlertSubject subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken);

    /// <summary>
    /// Begins an incident with its deliveries in one transaction. If an incident of the same key, kind and discriminator is open, it is
    /// extended and no delivery is added.
    /// </summary>
    /// <remarks>Deliveries to disabled targets are omitted.</remarks>
    /// <returns><see langword="true"/> if the incident began; otherwise, <see langword="false"/>.</returns>
    ValueTask<bool> OpenIncidentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Resolves an incident with its deliveries in one transaction.</summary>
    /// <returns>
    /// <see langword="false"/>, without a change, if the incident was already resolved or extended; otherwise, <see langword="true"/>.
    /// </returns>
    ValueTask<bool> ResolveIncidentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Lists open incidents that are to be resolved at a time, earliest first.</summary>
    ValueTask<IReadOnlyList<ApiKeyAlertIncident>> ListResolvableIncidentsAsync(
        DateTimeOffset now, int maxCount, CancellationToken cancellationToken);

    /// <summary>Lists open incidents of a kind in the order of their IDs, after a given one.</summary>
    ValueTask<IReadOnlyList<ApiKeyAlertIncident>> ListFiringIncidentsAsync(
        string kind, Guid? after, int maxCount, CancellationToken cancellationToken);

    /// <summary>Claims due deliveries and reschedules them, so that no other node claims them at the same time.</summary>
    /// <param name="targets">The targets that this node delivers to.</param>
    /// <param name="now">
    /// The current time. A delivery that is scheduled more than <paramref name="maxDelay"/> later is due too, because the clock was set
    /// back.
    /// </param>
    /// <param name="claimedUntil">The time at which another node may claim the deliveries.</param>
    /// <param name="maxDelay">The longest delay of any delivery.</param>
    /// <param name="maxCount">The maximum number of deliveries.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The deliveries after the claim, rescheduled and with one more attempt.</returns>
    ValueTask<IReadOnlyList<ApiKeyAlertDelivery>> ClaimDueAsync(
        IReadOnlyCollection<string> targets,
        DateTimeOffset now,
        DateTimeOffset claimedUntil,
        TimeSpan maxDelay,
        int maxCount,
        CancellationToken cancellationToken);

    /// <summary>
    /// Reschedules a claimed delivery, or removes it if the time is <see langword="null"/>. A delivery that another node has claimed since
    /// is not changed.
    /// </summary>
    ValueTask CompleteAsync(ApiKeyAlertDelivery delivery, DateTimeOffset? nextAttemptAt, CancellationToken cancellationToken);

    /// <summary>Disables a target: its pending deliveries are removed, and no delivery is added for it.</summary>
    ValueTask DisableTargetAsync(string target, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes deliveries of all targets that were created before a time.</summary>
    ValueTask RemoveDeliveriesAsync(DateTimeOffset createdBefore, CancellationToken cancellationToken);
}
