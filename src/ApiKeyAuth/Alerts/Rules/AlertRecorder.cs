using System.Globalization;
using System.Text.Json;
using ApiKeyAuth.Alerts.Delivery;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Begins and resolves incidents, with a delivery to each target.</summary>
internal sealed class AlertRecorder(IApiKeyAlertStore store, AlertTargets targets, ApiKeyMetrics metrics, TimeProvider clock)
{
    /// <summary>Raises an alert, unless an incident is open.</summary>
    public async Task FireAsync(ApiKey key, AlertFinding finding, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var incident = new ApiKeyAlertIncident
        {
            Id = Guid.CreateVersion7(now),
            KeyId = key.Id,
            Kind = finding.Kind,
            Discriminator = finding.Discriminator,
            StartedAt = now,
            ResolvesAt = finding.ResolvesAt,
            KeyName = key.Name,
            TenantId = key.TenantId,
        };
        var alert = CreateAlert(incident, ApiKeyAlertState.Firing, now, finding.Message) with
        {
            Details = finding.Details.ToDictionary(detail => detail.Name, detail => detail.Value, StringComparer.Ordinal),
        };
        if (await store.OpenIncidentAsync(incident, CreateDeliveries(alert, now), cancellationToken))
        {
            metrics.RecordAlert(alert.Kind, "firing");
        }
    }

    /// <summary>Reports that an incident is resolved.</summary>
    public async Task ResolveAsync(ApiKeyAlertIncident incident, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var at = incident.ResolvesAt < now ? incident.ResolvesAt : now;
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"The alert {incident.Kind} of API key {incident.KeyId}, raised at {incident.StartedAt:yyyy-MM-dd HH:mm} UTC, is resolved.");
        var alert = CreateAlert(incident, ApiKeyAlertState.Resolved, at, message);
        if (await store.ResolveIncidentAsync(incident, CreateDeliveries(alert, now), cancellationToken))
        {
            metrics.RecordAlert(incident.Kind, "resolved");
        }
    }

    private static ApiKeyAlert CreateAlert(ApiKeyAlertIncident incident, ApiKeyAlertState state, DateTimeOffset at, string message)
    {
        var id = $"alert_{incident.Id:N}";
        return new ApiKeyAlert
        {
            Id = state == ApiKeyAlertState.Firing ? id : id + "_resolved",
            Kind = incident.Kind,
            State = state,
            At = at,
            Message = message,
            KeyId = incident.KeyId,
            KeyName = incident.KeyName,
            TenantId = incident.TenantId,
        };
    }

    private List<ApiKeyAlertDelivery> CreateDeliveries(ApiKeyAlert alert, DateTimeOffset now)
    {
        var json = JsonSerializer.Serialize(alert, AlertJsonContext.Default.ApiKeyAlert);
        return
        [
            .. targets.GetTargets(alert).Select(target => new ApiKeyAlertDelivery
            {
                AlertId = alert.Id,
                Target = target.Name,
                Payload = json,
                CreatedAt = now,
                NextAttemptAt = now,
            }),
        ];
    }
}
