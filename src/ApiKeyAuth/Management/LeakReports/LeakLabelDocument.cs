using System.Text.Json.Serialization;

namespace ApiKeyAuth.Management.LeakReports;

/// <summary>Represents the feedback about one reported secret.</summary>
internal sealed record LeakLabelDocument
{
    public const string TruePositive = "true_positive";
    public const string FalsePositive = "false_positive";

    /// <summary>Gets the SHA-256 of the secret, in lowercase hexadecimal digits.</summary>
    [JsonPropertyName("token_hash")]
    public required string TokenHash { get; init; }

    /// <summary>Gets the type that the reporter sent.</summary>
    [JsonPropertyName("token_type")]
    public required string TokenType { get; init; }

    /// <summary>Gets whether the secret is one of a key.</summary>
    [JsonPropertyName("label")]
    public required string Label { get; init; }

    /// <summary>Returns the name of the type, without the hash.</summary>
    public override string ToString() => nameof(LeakLabelDocument);
}
