using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiKeyAuth.Usage;

/// <summary>How alerts are written, without reflection: the names never change.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(StateNames)])]
[JsonSerializable(typeof(ApiKeyAlert))]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class AlertJson : JsonSerializerContext
{
    private sealed class StateNames() : JsonStringEnumConverter<ApiKeyAlertState>(JsonNamingPolicy.CamelCase);
}
