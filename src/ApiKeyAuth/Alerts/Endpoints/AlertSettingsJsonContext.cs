using System.Text.Json;
using System.Text.Json.Serialization;
using ApiKeyAuth.Management.Endpoints;

namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>Provides the strict serialization of the bodies of the alert endpoints, without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = RequestBody.MaxDepth)]
[JsonSerializable(typeof(ApiKeyAlertsDocument))]
[JsonSerializable(typeof(ApiKeyAlertSettingsRequestDocument))]
internal sealed partial class AlertSettingsJsonContext : JsonSerializerContext;
