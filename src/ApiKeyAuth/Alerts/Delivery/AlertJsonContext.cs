using System.Text.Json;
using System.Text.Json.Serialization;
using ApiKeyAuth.Alerts.Webhooks;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Serializes alerts without reflection. The names do not change.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(StateConverter)])]
[JsonSerializable(typeof(ApiKeyAlert))]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class AlertJsonContext : JsonSerializerContext
{
    private sealed class StateConverter() : JsonStringEnumConverter<ApiKeyAlertState>(JsonNamingPolicy.CamelCase);
}
