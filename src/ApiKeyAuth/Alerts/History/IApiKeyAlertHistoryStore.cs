namespace ApiKeyAuth.Alerts.History;

/// <summary>
/// Defines an <see cref="IApiKeyAlertStore"/> that also keeps the last deliveries of each webhook. It is optional for a store.
/// </summary>
public interface IApiKeyAlertHistoryStore
{
    /// <summary>Adds the record of a delivery, or replaces the one of its earlier attempt.</summary>
    /// <param name="delivery">The record, which is identified by its alert and target.</param>
    /// <param name="maxCount">The number of records of the target to keep. Those with the oldest attempts are removed.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    ValueTask RecordDeliveryAsync(ApiKeyAlertDeliveryRecord delivery, int maxCount, CancellationToken cancellationToken);

    /// <summary>Lists records by the time of their last attempt, latest first.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="allTenants">Whether records of every tenant are listed. If it is true, the tenant is ignored.</param>
    /// <param name="tenantId">The tenant; null lists records of keys without a tenant.</param>
    /// <param name="maxCount">The maximum number of records.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    ValueTask<IReadOnlyList<ApiKeyAlertDeliveryRecord>> ListDeliveriesAsync(
        IReadOnlyCollection<string> targets, bool allTenants, string? tenantId, int maxCount, CancellationToken cancellationToken);
}
