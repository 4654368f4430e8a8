using System.Text.Json.Serialization;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents a page of keys in a response.</summary>
internal sealed record ApiKeyListDocument
{
    public required IReadOnlyList<ApiKeyDocument> Keys { get; init; }

    public required string? NextCursor { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Total { get; init; }
}
