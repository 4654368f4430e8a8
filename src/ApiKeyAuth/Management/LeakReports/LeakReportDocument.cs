using System.Text.Json.Serialization;

namespace ApiKeyAuth.Management.LeakReports;

/// <summary>Represents one leaked secret in a signed report. Members that the reporter adds are ignored.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record LeakReportDocument
{
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("url")]
    public string? Url { get; init; }

    [JsonPropertyName("source")]
    public string? Source { get; init; }

    /// <summary>Returns the name of the type, without the secret.</summary>
    public override string ToString() => nameof(LeakReportDocument);
}
