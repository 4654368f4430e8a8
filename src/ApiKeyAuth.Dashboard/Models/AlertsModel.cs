using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.History;
using ApiKeyAuth.Dashboard.Forms;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents the alert settings of a key, a tenant or the app.</summary>
internal sealed record AlertsModel
{
    /// <summary>Gets the key, or null for the tenant or the app.</summary>
    public ApiKey? Key { get; init; }

    public required ApiKeyEffectiveAlertSettings Settings { get; init; }

    /// <summary>Gets a value indicating whether the settings are those of the level that the page shows.</summary>
    public required bool AreOwn { get; init; }

    /// <summary>Gets the webhooks that the user may see. Their secrets and full addresses are not shown.</summary>
    public IReadOnlyList<ApiKeyWebhookStatus> Webhooks { get; init; } = [];

    public required AlertsForm Form { get; init; }

    public IReadOnlyDictionary<string, string> Problems { get; init; } = new Dictionary<string, string>();

    public string? Message { get; init; }

    public Notice? Notice { get; init; }
}
