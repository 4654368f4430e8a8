using System.Text.Json;
using System.Text.Json.Serialization;
using ApiKeyAuth.Management.Endpoints;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Provides the strict serialization of imports without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = RequestBody.MaxDepth)]
[JsonSerializable(typeof(ApiKeyImportDocument))]
[JsonSerializable(typeof(ApiKeyImportResultDocument))]
internal sealed partial class ImportJsonContext : JsonSerializerContext;
