using ApiKeyAuth.Alerts.Delivery;
using ApiKeyAuth.Alerts.Webhooks;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Management.Rules;

namespace ApiKeyAuth.Alerts.History;

/// <summary>Lists the configured webhooks with their last deliveries, and sends tests to them.</summary>
/// <remarks>
/// A caller who manages a tenant sees the webhooks of the tenant and those for all tenants, with the deliveries of the tenant only. They
/// send tests to the webhooks of the tenant; only a caller who sees every tenant sends tests to those for all tenants.
/// </remarks>
public sealed class ApiKeyWebhookService
{
    private const int MaxDeliveries = 100;
    private const int MaxReasonLength = 100;

    private readonly IApiKeyAlertStore _store;
    private readonly AlertTargets _targets;
    private readonly AlertDispatcher _dispatcher;
    private readonly KeyCommands _commands;
    private readonly TimeProvider _clock;

    internal ApiKeyWebhookService(
        IApiKeyAlertStore store, AlertTargets targets, AlertDispatcher dispatcher, KeyCommands commands, TimeProvider clock)
    {
        _store = store;
        _targets = targets;
        _dispatcher = dispatcher;
        _commands = commands;
        _clock = clock;
    }

    /// <summary>Lists the webhooks that a caller may see, in the order of the settings.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<ApiKeyResult<IReadOnlyList<ApiKeyWebhookStatus>>> ListAsync(
        ApiKeyCaller caller, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var visible = FindVisible(caller);
        ILookup<string, ApiKeyAlertDeliveryRecord>? deliveries = null;
        if (_store is IApiKeyAlertHistoryStore history && visible.Length > 0)
        {
            string[] names = [.. visible.Select(target => target.Name)];
            var (found, problem) = await _commands.TryCallStoreAsync(
                caller,
                token => history.ListDeliveriesAsync(names, caller.MayCrossTenants, caller.TenantId, MaxDeliveries, token),
                cancellationToken);
            if (problem is not null)
            {
                return problem;
            }

            deliveries = found!.ToLookup(delivery => delivery.Target, StringComparer.Ordinal);
        }

        return ApiKeyResult<IReadOnlyList<ApiKeyWebhookStatus>>.Success(
            [
                .. visible.Select(target => new ApiKeyWebhookStatus
                {
                    Name = target.Options.Name,
                    Host = new Uri(target.Options.Url).Authority,
                    Kinds = [.. target.Options.Kinds],
                    CanTest = MayTest(caller, target),
                    Deliveries = deliveries is null ? null : [.. deliveries[target.Name]],
                }),
            ]);
    }

    /// <summary>
    /// Sends an alert of the kind <see cref="ApiKeyAlertKinds.Test"/> to a webhook, once and as alerts are sent, and waits at most 10
    /// seconds for the response.
    /// </summary>
    /// <remarks>A receiver that responds with 410 to a test still gets alerts.</remarks>
    /// <param name="caller">The caller.</param>
    /// <param name="webhookName">The name of the webhook.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome, or an error if the caller may not send a test or another delivery is in progress.</returns>
    public async Task<ApiKeyResult<ApiKeyAlertDeliveryRecord>> SendTestAsync(
        ApiKeyCaller caller, string webhookName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(webhookName);
        if (ChangeRules.FindProblem(caller) is { } rejection)
        {
            return rejection;
        }

        if (Array.Find(FindVisible(caller), target => target.Options.Name == webhookName) is not { } webhook)
        {
            return Problems.NotFound;
        }

        if (!MayTest(caller, webhook))
        {
            return Problems.Forbidden("The caller can send a test to the webhooks of its own tenant only");
        }

        var alert = CreateTest(caller);
        if (await _dispatcher.SendTestAsync(webhook, alert, cancellationToken) is not { } result)
        {
            return Problems.Conflict("A delivery to the webhook is in progress; try again when it ends");
        }

        var record = CreateRecord(
            alert, webhook, attempts: 1, result,
            result.IsDelivered ? ApiKeyAlertDeliveryOutcome.Delivered
                : result.IsGone ? ApiKeyAlertDeliveryOutcome.Gone
                : ApiKeyAlertDeliveryOutcome.Abandoned,
            nextAttemptAt: null, _clock.GetUtcNow());
        if (_store is IApiKeyAlertHistoryStore history)
        {
            // The test was sent, so its outcome is returned even if it cannot be stored.
            _ = await _commands.TryCallStoreAsync(
                caller,
                async token =>
                {
                    await history.RecordDeliveryAsync(record, AlertQueue.MaxRecords, token);
                    return true;
                },
                cancellationToken);
        }

        return record;
    }

    internal static ApiKeyAlertDeliveryRecord CreateRecord(
        ApiKeyAlert alert, AlertTarget target, int attempts, AlertDeliveryResult result,
        ApiKeyAlertDeliveryOutcome outcome, DateTimeOffset? nextAttemptAt, DateTimeOffset now) => new()
        {
            AlertId = alert.Id,
            Target = target.Name,
            Kind = alert.Kind,
            KeyId = alert.KeyId,
            TenantId = alert.TenantId,
            AttemptedAt = now,
            Attempts = attempts,
            Outcome = outcome,
            Reason = result.Reason.Length == 0 ? null
                : result.Reason.Length > MaxReasonLength ? result.Reason[..MaxReasonLength] : result.Reason,
            NextAttemptAt = nextAttemptAt,
        };

    private static bool MayTest(ApiKeyCaller caller, WebhookTarget target) =>
        caller.MayCrossTenants || target.Options.TenantId == caller.TenantId;

    private ApiKeyAlert CreateTest(ApiKeyCaller caller) => new()
    {
        Id = $"test_{Guid.CreateVersion7(_clock.GetUtcNow()):N}",
        Kind = ApiKeyAlertKinds.Test,
        State = ApiKeyAlertState.Firing,
        At = _clock.GetUtcNow(),
        Message = "This is a test. No key is affected.",
        KeyId = "",
        TenantId = caller.TenantId,
    };

    private WebhookTarget[] FindVisible(ApiKeyCaller caller) => caller.OnlyOwnerId is not null ? []
        :
        [
            .. _targets.All.OfType<WebhookTarget>().Where(target =>
                caller.MayCrossTenants || target.Options.TenantId is null || target.Options.TenantId == caller.TenantId),
        ];
}
