using System.Text.Json.Serialization;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Provides the serialization of responses, and the schemas for OpenAPI documents, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiKeyDocument))]
[JsonSerializable(typeof(ApiKeyListDocument))]
[JsonSerializable(typeof(ApiKeyAuditDocument))]
[JsonSerializable(typeof(ApiKeyUsageDocument))]
[JsonSerializable(typeof(ApiKeyVerificationDocument))]
[JsonSerializable(typeof(NewApiKeyDocument))]
[JsonSerializable(typeof(ApiKeyPatchDocument))]
[JsonSerializable(typeof(ApiKeyRotationDocument))]
[JsonSerializable(typeof(ApiKeyRevocationDocument))]
[JsonSerializable(typeof(ApiKeySecretRequestDocument))]
[JsonSerializable(typeof(ApiKeyVerificationRequestDocument))]
[JsonSerializable(typeof(ApiKeyProblemDocument))]
internal sealed partial class ManagementJsonContext : JsonSerializerContext;
