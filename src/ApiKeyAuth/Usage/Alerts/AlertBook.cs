using System.Globalization;
using System.Text.Json;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>Begins and ends episodes, each with its deliveries to all who are told.</summary>
internal sealed class AlertBook(IApiKeyAlertStore store, AlertTargets targets, ApiKeyMetrics metrics, TimeProvider clock)
{
    /// <summary>Raises an alert, unless it is raised.</summary>
    public async Task BeginAsync(ApiKey key, AlertFinding finding, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var episode = new ApiKeyAlertEpisode
        {
            Id = Guid.CreateVersion7(now),
            KeyId = key.Id,
            Kind = finding.Kind,
            About = finding.About,
            BeganAt = now,
            Until = finding.Until,
            KeyName = key.Name,
            TenantId = key.TenantId,
        };
        var alert = Alert(episode, ApiKeyAlertState.Fired, now, finding.Message) with
        {
            Details = finding.Details.ToDictionary(detail => detail.Name, detail => detail.Value, StringComparer.Ordinal),
        };
        if (await store.BeginAsync(episode, Deliveries(alert, now), cancellationToken))
        {
            metrics.Alerted(alert.Kind, "fired");
        }
    }

    /// <summary>Says that an alert is over.</summary>
    public async Task EndAsync(ApiKeyAlertEpisode episode, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var at = episode.Until < now ? episode.Until : now;
        var message = string.Create(CultureInfo.InvariantCulture, $"The alert {episode.Kind} of API key {episode.KeyId}, raised at {episode.BeganAt:yyyy-MM-dd HH:mm} UTC, is over.");
        if (await store.EndAsync(episode, Deliveries(Alert(episode, ApiKeyAlertState.Over, at, message), now), cancellationToken))
        {
            metrics.Alerted(episode.Kind, "over");
        }
    }

    private static ApiKeyAlert Alert(ApiKeyAlertEpisode episode, ApiKeyAlertState state, DateTimeOffset at, string message)
    {
        var id = $"alert_{episode.Id:N}";
        return new ApiKeyAlert
        {
            Id = state == ApiKeyAlertState.Fired ? id : id + "_over",
            Kind = episode.Kind,
            State = state,
            At = at,
            Message = message,
            KeyId = episode.KeyId,
            KeyName = episode.KeyName,
            TenantId = episode.TenantId,
        };
    }

    private List<ApiKeyAlertDelivery> Deliveries(ApiKeyAlert alert, DateTimeOffset now)
    {
        var json = JsonSerializer.Serialize(alert, AlertJson.Default.ApiKeyAlert);
        return
        [
            .. targets.For(alert).Select(target => new ApiKeyAlertDelivery { AlertId = alert.Id, Target = target.Name, Alert = json, At = now, NextAt = now }),
        ];
    }
}
