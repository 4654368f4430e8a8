using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;

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

    /// <summary>Gets the requests of the last hours by key ID, or null if the store does not count usage.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>? Usage { get; init; }

    public Notice? Notice { get; init; }
}
