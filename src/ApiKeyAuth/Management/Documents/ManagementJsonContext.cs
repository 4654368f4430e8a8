using System.Text.Json;
using System.Text.Json.Serialization;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.Self;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Provides the strict serialization of bodies, and the schemas for OpenAPI documents, without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = RequestBody.MaxDepth)]
[JsonSerializable(typeof(ApiKeyDocument))]
[JsonSerializable(typeof(ApiKeyListDocument))]
[JsonSerializable(typeof(ApiKeyAuditDocument))]
[JsonSerializable(typeof(ApiKeyUsageDocument))]
[JsonSerializable(typeof(ApiKeyVerificationDocument))]
[JsonSerializable(typeof(OwnApiKeyDocument))]
[JsonSerializable(typeof(NewApiKeyDocument))]
[JsonSerializable(typeof(ApiKeyPatchDocument))]
[JsonSerializable(typeof(ApiKeyRotationDocument))]
[JsonSerializable(typeof(ApiKeyRotationDocument.EndDocument))]
[JsonSerializable(typeof(ApiKeyRevocationDocument))]
[JsonSerializable(typeof(ApiKeySecretRequestDocument))]
[JsonSerializable(typeof(ApiKeyVerificationRequestDocument))]
[JsonSerializable(typeof(ApiKeyProblemDocument))]
internal sealed partial class ManagementJsonContext : JsonSerializerContext;
