using System.Text.Json;
using System.Text.Json.Serialization;
using ApiKeyAuth.Management.Endpoints;

namespace ApiKeyAuth.Management.LeakReports;

/// <summary>Provides the serialization of signed reports, and the schemas for OpenAPI documents, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, MaxDepth = RequestBody.MaxDepth)]
[JsonSerializable(typeof(LeakReportDocument[]))]
[JsonSerializable(typeof(LeakLabelDocument[]))]
internal sealed partial class LeakJsonContext : JsonSerializerContext;
