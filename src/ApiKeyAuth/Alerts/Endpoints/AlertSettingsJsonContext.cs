using System.Text.Json.Serialization;

namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>Provides the JSON metadata of the alert endpoints, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiKeyAlertsDocument))]
internal sealed partial class AlertSettingsJsonContext : JsonSerializerContext;
