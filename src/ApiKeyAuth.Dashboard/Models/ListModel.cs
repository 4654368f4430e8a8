using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents a page of the list.</summary>
internal sealed record ListModel
{
    public required ListQuery Query { get; init; }

    public required IReadOnlyList<ApiKey> Keys { get; init; }

    public required long Total { get; init; }

    public ListQuery? Previous { get; init; }

    public ListQuery? Next { get; init; }

    /// <summary>Gets a value indicating whether there are too many keys to sort.</summary>
    public bool IsUnsorted { get; init; }

    public required IReadOnlyList<string> Environments { get; init; }

    public bool HasUsage { get; init; }

    public Notice? Notice { get; init; }
}
