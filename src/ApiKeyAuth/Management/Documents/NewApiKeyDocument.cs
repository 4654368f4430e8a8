using System.ComponentModel.DataAnnotations;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents the body of a request to create a key.</summary>
internal record NewApiKeyDocument
{
    [Required]
    public string? Name { get; init; }

    public string? Kind { get; init; }

    public string? Environment { get; init; }

    public string? OwnerId { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public IReadOnlyList<string>? RateLimits { get; init; }

    public IReadOnlyList<string>? Networks { get; init; }

    public IReadOnlyList<string>? Audiences { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public string? ExpiresAt { get; init; }

    public int? ExpiresInDays { get; init; }

    public string? NotBefore { get; init; }

    public int? ExpiresAfterIdleDays { get; init; }
}
