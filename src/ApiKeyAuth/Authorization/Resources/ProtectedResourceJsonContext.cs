using System.Text.Json.Serialization;

namespace ApiKeyAuth.Authorization.Resources;

/// <summary>Provides the serialization of metadata without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProtectedResourceDocument))]
internal sealed partial class ProtectedResourceJsonContext : JsonSerializerContext;
