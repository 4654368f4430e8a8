using System.Text.Json.Serialization;

namespace ApiKeyAuth.Dashboard.Http;

/// <summary>Provides the serialization of strings without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TestRequestJsonContext : JsonSerializerContext;
